/** Labels of changes of an order. */
export const orders = {
  "order.driver": "驾驶员",
  "order.reassign": "改派",
  "order.swap_vehicle": "换车",
  "order.swap_driver": "换驾",
  "order.extend": "延时",
  "order.override": "不符合派车规则也照办",
  "order.override.hint": "规则的意见见提示，理由写入留痕记录",
  "order.until": "延长到",
  "order.odometer_km": "接替车辆里程表（公里）",
  "order.left_odometer_km": "原车辆里程表（公里）",
} as const;
