/**
 * The words of second factors, passwords and tokens, in both languages. They load with the pages
 * that show them: the phone's first visit carries none of them.
 */
import { Problem } from "../api/client";
import { sentenceOf } from "../api/sentence";
import { type Language, translate, useLanguage } from "../i18n/language";

const WORDS = {
  "code.title": ["动态验证码", "Verification code"],
  "code.lead": [
    "输入验证器应用中的 6 位数字，或一个备用码。",
    "Enter the 6 digits of your authenticator app, or a recovery code.",
  ],
  "code.label": ["验证码", "Code"],
  "enrol.title": ["设置动态验证码", "Set up a second factor"],
  "enrol.lead": [
    "用验证器应用扫描二维码，或手工输入密钥，再填入显示的 6 位数字。",
    "Scan the code with an authenticator app, or type the key; then enter the 6 digits it shows.",
  ],
  "enrol.key": ["密钥", "Key"],
  "expired.title": ["更换密码", "Change your password"],
  "expired.lead": ["密码已到更换期限。", "Your password has reached its age limit."],
  "recovery.title": ["备用码", "Recovery codes"],
  "recovery.lead": [
    "手机丢失时每个备用码可用一次。只显示这一次，请妥善保存。",
    "Each stands in once for a lost phone. They are shown this once: keep them safe.",
  ],
  "recovery.left": ["剩余备用码 {n} 个", "{n} recovery codes left"],
  "recovery.renew": ["换一批备用码", "Renew recovery codes"],
  "setup.title": ["设置密码", "Set your password"],
  "setup.lead": ["此链接只能使用一次。", "This link works once."],
  "setup.done": ["账号 {name} 的密码已设置。", "The password of {name} is set."],
  "setup.login": ["去登录", "Log in"],
  "password.current": ["当前密码", "Current password"],
  "password.new": ["新密码", "New password"],
  "password.again": ["再输入一次", "Once more"],
  "password.differ": ["两次输入不一致。", "The two differ."],
  "password.done": ["密码已更换，其他登录已结束。", "Changed; your other sessions have ended."],
  "account.title": ["账号安全", "My account"],
  "account.password": ["更换密码", "Change password"],
  "account.factor": ["动态验证码", "Second factor"],
  "account.sessions": ["登录会话", "Sessions"],
  "account.tokens": ["接口令牌", "API tokens"],
  "factor.on": ["自 {since} 起使用", "In use since {since}"],
  "factor.off": ["未设置", "Not set up"],
  "factor.remove": ["停用", "Remove"],
  "session.current": ["本次登录", "This session"],
  "session.end": ["结束", "End"],
  "session.seen": ["最近使用 {when}", "Last seen {when}"],
  "token.name": ["用途", "What it is for"],
  "token.permissions": ["权限", "Permissions"],
  "token.days": ["有效天数", "Days"],
  "token.make": ["新建令牌", "Make a token"],
  "token.once": ["令牌只显示这一次：", "The token is shown this once:"],
  "token.until": ["有效至 {when}", "Until {when}"],
  "token.revoke": ["吊销", "Revoke"],
  go: ["继续", "Continue"],
  fault_too_short: ["密码太短。", "The password is too short."],
  fault_too_few_classes: [
    "须含更多种类的字符（大写、小写、数字、其他）。",
    "Use more kinds of characters (upper case, lower case, digits, others).",
  ],
  fault_too_common: ["密码太常见。", "The password is too common."],
  fault_holds_username: ["密码不能含有账号名。", "The password must not hold the account name."],
  fault_used_before: ["这个密码用过。", "This password was used before."],
  "problem_challenge-failed": [
    "验证码不对、已用过或已超时。",
    "The code is wrong, was used before, or came too late.",
  ],
  "problem_wrong-code": ["验证码不对或已用过。", "The code is wrong or was used before."],
  "problem_wrong-password": ["当前密码不对。", "The current password is wrong."],
  "problem_set-up-link-useless": [
    "链接已使用或已失效，请向安全保密管理员重新索取。",
    "The link was used or has ended; ask the security administrator for another.",
  ],
  "problem_oidc-refused": ["统一认证未通过，请重试。", "The provider's answer can't be trusted."],
  "problem_nobody-bound": [
    "没有账号与该身份绑定，请联系安全保密管理员。",
    "No account is bound to you; ask the security administrator.",
  ],
  "problem_provider-away": ["统一认证暂不可用。", "The provider does not answer."],
  "problem_log-in-too-old": [
    "此账号没有密码，请先在统一认证重新登录。",
    "This account has no password: log in at the provider again first.",
  ],
  "oidc.fresh": ["重新登录", "Log in again"],
} as const satisfies Record<string, readonly [string, string]>;

export type Word = keyof typeof WORDS;

const isWord = (key: string): key is Word => Object.hasOwn(WORDS, key);

function say(language: Language, key: Word, values: Record<string, string | number> = {}): string {
  const text = WORDS[key][language === "en" ? 1 : 0];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** The words in the page's language, and what to tell about a failure. */
export function useWords() {
  const language = useLanguage();
  return {
    w: (key: Word, values?: Record<string, string | number>) => say(language, key, values),
    typeSentence: (type: string) => {
      const key = `problem_${type}`;
      return isWord(key) ? say(language, key) : null;
    },
    refusal: (error: unknown) => refusal(language, error),
  };
}

function refusal(language: Language, error: unknown): string {
  if (error instanceof Problem) {
    const known = `problem_${error.type}`;
    if (isWord(known)) return say(language, known);
    const faults = (error.detail ?? "").match(/[a-z]+(?:_[a-z]+)+/g) ?? [];
    const told = faults.map((fault) => `fault_${fault}`).filter(isWord);
    if (told.length > 0) return told.map((key) => say(language, key)).join(" ");
  }
  return sentenceOf(translate, error);
}
