// The mails of billing: what happened, what it means for new work, what to do. English first, then Chinese.
import type { Queryable } from '../db/index.ts';
import { askForMail } from './repository/mails.ts';

type Facts = Readonly<Record<string, string>>;
type Text = readonly [subject: string, text: string];
interface BillingMail {
  readonly en: (facts: Facts) => Text;
  readonly zh: (facts: Facts) => Text;
}

const say = (facts: Facts, name: string): string => facts[name] ?? '–';

export const BILLING_MAILS = {
  low_balance: {
    en: (f) => [
      'little credit is left',
      `$${say(f, 'left_usd')} is left to draw. Work that costs more will be refused.`,
    ],
    zh: (f) => ['余额不足', `剩余可用额度为 ${say(f, 'left_usd')} 美元，超出部分的任务将被拒绝。`],
  },
  threshold: {
    en: (f) => [
      `${say(f, 'percent')}% of what is included is used`,
      `$${say(f, 'used_usd')} of $${say(f, 'limit_usd')} is used in this period.`,
    ],
    zh: (f) => [
      `套餐额度已使用 ${say(f, 'percent')}%`,
      `本周期已使用 ${say(f, 'used_usd')} 美元，套餐额度 ${say(f, 'limit_usd')} 美元。`,
    ],
  },
  past_due: {
    en: () => [
      'a payment failed',
      'The payment of your plan failed; it will be tried again. Until then the plan includes nothing new, and pay-as-you-go is closed for new work. What runs goes on.',
    ],
    zh: () => [
      '付款失败',
      '套餐扣款失败，系统会再次尝试。在此之前不再发放新的套餐额度，新任务不能按量付费；正在运行的任务不受影响。',
    ],
  },
  unpaid: {
    en: () => [
      'your plan is not paid',
      'The payment failed for good. The account is on the free plan until it is paid.',
    ],
    zh: () => ['套餐未付款', '多次扣款失败。付清之前，账户按免费版提供服务。'],
  },
  ended: {
    en: () => ['your plan ended', 'The account is on the free plan now. Prepaid credit stays valid.'],
    zh: () => ['套餐已结束', '账户现为免费版，预付余额继续有效。'],
  },
  disputed: {
    en: () => [
      'a payment is disputed',
      'Your bank disputes a payment. Credit bought with it is frozen, and pay-as-you-go is closed for new work, until that is settled.',
    ],
    zh: () => ['付款存在争议', '银行对一笔付款提出争议。处理完成之前，相应预付余额被冻结，新任务不能按量付费。'],
  },
  top_up: {
    en: (f) => ['credit was added', `$${say(f, 'amount_usd')} of prepaid credit was added.`],
    zh: (f) => ['充值成功', `已增加预付余额 ${say(f, 'amount_usd')} 美元。`],
  },
  top_up_processing: {
    en: (f) => [
      'a payment is under way',
      `The payment of $${say(f, 'amount_usd')} is under way at your bank; the credit comes with it.`,
    ],
    zh: (f) => ['付款处理中', `${say(f, 'amount_usd')} 美元的付款正在由银行处理，到账后增加余额。`],
  },
  top_up_failed: {
    en: (f) => ['a payment failed', `The payment of $${say(f, 'amount_usd')} failed; no credit was added.`],
    zh: (f) => ['付款失败', `${say(f, 'amount_usd')} 美元的付款失败，未增加余额。`],
  },
  invoice: {
    en: (f) => ['your invoice', `$${say(f, 'amount_usd')} was paid. The invoice: ${say(f, 'url')}`],
    zh: (f) => ['您的账单', `已支付 ${say(f, 'amount_usd')} 美元。账单：${say(f, 'url')}`],
  },
  refund: {
    en: (f) => ['a payment was refunded', `$${say(f, 'amount_usd')} was refunded.`],
    zh: (f) => ['已退款', `已退款 ${say(f, 'amount_usd')} 美元。`],
  },
  card_expires: {
    en: (f) => [
      'your card expires',
      `The card on file expires at the end of ${say(f, 'month')}. Set another one on the account page.`,
    ],
    zh: (f) => ['银行卡即将到期', `登记的银行卡将于 ${say(f, 'month')} 月底到期，请在账户页面更换。`],
  },
} as const satisfies Record<string, BillingMail>;
export type BillingMailKind = keyof typeof BILLING_MAILS;

/** Once for each key, whatever asks again. */
export function mailOnce(
  tx: Queryable,
  account: string,
  kind: BillingMailKind,
  reason: string,
  facts: Facts = {},
): Promise<void> {
  return askForMail(tx, { key: `${kind}|${account}|${reason}`, account, kind, facts });
}

export function textOf(kind: string, facts: Facts, page: string): { subject: string; text: string } | null {
  const mail: BillingMail | undefined = Object.hasOwn(BILLING_MAILS, kind)
    ? BILLING_MAILS[kind as BillingMailKind]
    : undefined;
  if (mail === undefined) return null;
  const [en, body] = mail.en(facts);
  const [zh, chinese] = mail.zh(facts);
  return { subject: `genRTL: ${en} / ${zh}`, text: `${body}\n\n${chinese}\n\n${page}\n` };
}
