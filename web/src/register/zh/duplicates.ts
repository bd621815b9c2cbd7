/** Labels of duplicates. */
export const duplicates = {
  duplicates: "疑似重复",
  "duplicates.note": "看起来是同一对象的记录；合并后两边的历史都保留",
  "duplicates.same": "相同项",
  "duplicates.members": "记录",
  "duplicates.merge": "合并",
  "duplicates.keep": "保留",
  "duplicates.drop": "并入",
  "same.plate": "车牌号",
  "same.engine_number": "发动机号",
  "same.name": "名称",
  "same.uscc": "统一社会信用代码",
} as const;
