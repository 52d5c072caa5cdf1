// The page on which a person signs up or in and lets a device or a program in: one document and one script, served by the
// backend itself, in English and Chinese. It holds no secret and calls the same API as everybody.

/** No inline script or style, nothing from elsewhere, in no frame. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>genRTL</title>
<link rel="stylesheet" href="/account.css">
</head>
<body>
<main>
<h1>genRTL</h1>
<p id="message" role="status" aria-live="polite"></p>
<form id="form"></form>
</main>
<script src="/account.js"></script>
</body>
</html>
`;

export const PAGE_CSS = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; display: grid; min-height: 100vh; place-items: center }
main { width: min(26rem, 90vw) }
form, .ways { display: grid; gap: 0.75rem }
label { display: grid; gap: 0.25rem }
input, button { font: inherit; padding: 0.5rem 0.75rem }
button { cursor: pointer }
code { font-size: 1.25rem; letter-spacing: 0.1em }
`;

/** Shown texts by language; both have the same keys (a test looks). */
export const PAGE_TEXTS = {
  en: {
    signIn: 'Sign in',
    signInWith: 'Sign in with {name}',
    signUp: 'Sign up',
    name: 'Name',
    email: 'E-mail',
    password: 'Password (10 characters or more)',
    newPassword: 'New password (10 characters or more)',
    forgot: 'Set a new password',
    mailed: 'If the address can be used, a mail is on its way. Open its link, then come back here.',
    wrong: 'That did not work. Check what you typed, and that your address is confirmed.',
    code: 'Code that the device shows',
    next: 'Continue',
    asks: 'This device asks to sign in as you:',
    from: 'from',
    returns: 'This program on your own machine asks to sign in as you:',
    approve: 'Let it in',
    deny: 'Refuse',
    approved: 'Signed in. You can close this page and go on at the device.',
    denied: 'Refused. You can close this page.',
    noCode: 'No device shows this code. Compare it; it holds ten minutes.',
    elsewhere:
      'That sign-in did not work. Its address must be confirmed there, and must not belong to another account here.',
    signedIn: 'You are signed in.',
    signOut: 'Sign out',
    joined: 'You belong to the organisation now.',
    saved: 'The new password is set. Sign in with it.',
    exportData: 'Download all my data',
    deleteAccount: 'Delete my account',
    deleteOrganisation: 'Delete the organisation',
    confirmAccount:
      'To confirm, type your e-mail address. Everything of yours is deleted after some days; until then you can call it off here.',
    confirmOrganisation:
      'To confirm, type its short name. Everything of the organisation is deleted after some days; until then any owner can call it off here. Pay-as-you-go ends now.',
    confirm: 'Confirmation',
    deletionPlanned: 'Will be deleted on',
    callOff: 'Keep it',
    back: 'Back',
  },
  zh: {
    signIn: '登录',
    signInWith: '使用 {name} 登录',
    signUp: '注册',
    name: '姓名',
    email: '电子邮箱',
    password: '密码（至少 10 个字符）',
    newPassword: '新密码（至少 10 个字符）',
    forgot: '重设密码',
    mailed: '如果该地址可用，邮件已经发出。请打开邮件中的链接，然后回到此页。',
    wrong: '没有成功。请检查输入内容，并确认邮箱已验证。',
    code: '设备上显示的代码',
    next: '继续',
    asks: '此设备请求以您的身份登录：',
    from: '来自',
    returns: '您本机上的程序请求以您的身份登录：',
    approve: '允许',
    deny: '拒绝',
    approved: '已登录。可以关闭此页，回到设备继续。',
    denied: '已拒绝。可以关闭此页。',
    noCode: '没有设备显示此代码。请核对；代码十分钟内有效。',
    elsewhere: '没有成功。该处的邮箱地址必须已验证，并且在此处不属于其他账户。',
    signedIn: '您已登录。',
    signOut: '退出登录',
    joined: '您已加入该组织。',
    saved: '新密码已设置，请用它登录。',
    exportData: '下载我的全部数据',
    deleteAccount: '删除我的账户',
    deleteOrganisation: '删除组织',
    confirmAccount: '请输入您的邮箱地址以确认。您的全部数据将在数日后删除；在此之前可以在此页撤销。',
    confirmOrganisation:
      '请输入组织的短名称以确认。组织的全部数据将在数日后删除；在此之前任何所有者都可以在此页撤销。按量付费立即停止。',
    confirm: '确认',
    deletionPlanned: '将于以下时间删除：',
    callOff: '保留',
    back: '返回',
  },
} as const;

export const PAGE_JS = `'use strict';
const TEXTS = ${JSON.stringify(PAGE_TEXTS)};
const language = navigator.language.startsWith('zh') ? 'zh' : 'en';
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
const t = TEXTS[language];
const query = new URLSearchParams(location.search);
const form = document.getElementById('form');
const message = document.getElementById('message');
const say = (text) => { message.textContent = text; };
const call = async (method, path, body, organisation) => {
  const response = await fetch(path, {
    method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(organisation ? { 'GenRTL-Organisation': organisation } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json().catch(() => null);
  return { ok: response.ok, status: response.status, answer };
};
const identity = (path, body) => call('POST', '/v1/identity' + path, body);
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
const field = (name, label, type, autocomplete, value) =>
  element('label', {}, label, element('input', { name, type, autocomplete, required: true, value: value || '' }));
const button = (label, act) => element('button', { type: act ? 'button' : 'submit', textContent: label, onclick: act || null });
const show = (submit, ...children) => {
  form.replaceChildren(...children);
  form.onsubmit = async (event) => {
    event.preventDefault();
    await submit(Object.fromEntries(new FormData(form)));
  };
  const first = form.querySelector('input');
  if (first) first.focus();
};
const nothing = async () => {};

function otherWays() {
  const box = element('div', { className: 'ways' });
  call('GET', '/v1/sign-in/providers').then(({ ok, answer }) => {
    if (!ok) return;
    box.append(...answer.providers.map(({ id, name }) => button(t.signInWith.replace('{name}', name), async () => {
      const callbackURL = location.pathname + location.search;
      const begun = await identity('/sign-in/social', { provider: id, callbackURL, errorCallbackURL: '/account' });
      if (begun.ok) location.assign(begun.answer.url); else say(t.elsewhere);
    })));
  });
  return box;
}
function signIn() {
  if (query.has('error')) say(t.elsewhere);
  show(async ({ email, password }) => {
    const { ok } = await identity('/sign-in/email', { email, password });
    if (!ok) return say(t.wrong);
    say('');
    await next();
  }, field('email', t.email, 'email', 'username'), field('password', t.password, 'password', 'current-password'),
    button(t.signIn), button(t.signUp, signUp), button(t.forgot, forgot), otherWays());
}
function signUp() {
  say('');
  show(async (fields) => {
    const { ok } = await identity('/sign-up/email', { ...fields, callbackURL: location.pathname + location.search });
    say(ok ? t.mailed : t.wrong);
    if (ok) signIn();
  }, field('name', t.name, 'text', 'name'), field('email', t.email, 'email', 'username'),
    field('password', t.password, 'password', 'new-password'), button(t.signUp), button(t.signIn, signIn));
}
function forgot() {
  say('');
  show(async ({ email }) => {
    await identity('/request-password-reset', { email, redirectTo: '/reset' });
    say(t.mailed);
    signIn();
  }, field('email', t.email, 'email', 'username'), button(t.forgot), button(t.signIn, signIn));
}
function reset() {
  show(async ({ newPassword }) => {
    const { ok } = await identity('/reset-password', { newPassword, token: query.get('token') });
    if (!ok) return say(t.wrong);
    say(t.saved);
    history.replaceState(null, '', '/account');
    signIn();
  }, field('newPassword', t.newPassword, 'password', 'new-password'), button(t.forgot));
}
function device() {
  show(async ({ code }) => {
    const { ok, answer } = await call('GET', '/v1/oauth/device/decision?user_code=' + encodeURIComponent(code));
    if (!ok) return say(t.noCode);
    say('');
    const decide = async (approve) => {
      const done = await call('POST', '/v1/oauth/device/decision', { user_code: answer.user_code, approve });
      say(done.ok ? (approve ? t.approved : t.denied) : t.noCode);
      form.replaceChildren();
    };
    show(() => decide(true), element('p', {}, t.asks),
      element('p', {}, element('code', { textContent: answer.user_code }), ' ' + answer.device + ', ' + t.from + ' ' + answer.place),
      button(t.approve), button(t.deny, () => decide(false)));
  }, field('code', t.code, 'text', 'off', query.get('user_code')), button(t.next));
}
function authorize() {
  const asked = Object.fromEntries(query);
  show(async () => {
    const { ok, answer } = await call('POST', '/v1/oauth/authorize', asked);
    if (!ok) return say(answer && answer.message ? answer.message : t.wrong);
    location.assign(answer.redirect_to);
  }, element('p', {}, t.returns), element('p', {}, element('code', { textContent: asked.device || '?' })),
    button(t.approve), button(t.deny, () => { form.replaceChildren(); say(t.denied); }));
}
async function invitation() {
  const { ok } = await identity('/organization/accept-invitation', { invitationId: query.get('id') });
  form.replaceChildren();
  say(ok ? t.joined : t.wrong);
}
async function account() {
  say(t.signedIn);
  const { ok, answer } = await call('GET', '/v1/account');
  if (!ok) return signIn();
  const owned = answer.organisations.filter(({ role }) => role === 'owner');
  const parts = [...await deletionOf(t.deleteAccount, t.confirmAccount, null)];
  for (const { name, organisation_id } of owned)
    parts.push(element('h2', { textContent: name }), ...await deletionOf(t.deleteOrganisation, t.confirmOrganisation, organisation_id));
  show(nothing, button(t.exportData, () => download(null)),
    ...parts, button(t.signOut, async () => { await identity('/sign-out', {}); say(''); signIn(); }));
}
/** What is planned, with its call-off, or the way to ask for it. */
async function deletionOf(label, words, organisation) {
  const { ok, answer } = await call('GET', '/v1/account/deletion', undefined, organisation);
  if (!ok) return [];
  const own = organisation === null ? [] : [button(t.exportData, () => download(organisation))];
  if (answer.deletion !== null)
    return [...own, element('p', {}, t.deletionPlanned + ' ' + new Date(answer.deletion.due_at).toLocaleString(document.documentElement.lang)),
      button(t.callOff, async () => { await call('DELETE', '/v1/account/deletion', undefined, organisation); await account(); })];
  return [...own, button(label, () => {
    say(words);
    show(async ({ confirm }) => {
      const asked = await call('POST', '/v1/account/deletion', { confirm }, organisation);
      if (!asked.ok) return say(asked.answer && asked.answer.message ? asked.answer.message : t.wrong);
      await account();
    }, field('confirm', t.confirm, 'text', 'off'), button(label), button(t.back, account));
  })];
}
async function download(organisation) {
  const response = await fetch('/v1/account/export', { headers: organisation === null ? {} : { 'GenRTL-Organisation': organisation } });
  if (!response.ok) return say(t.wrong);
  const link = element('a', { href: URL.createObjectURL(await response.blob()), download: 'genrtl-data.jsonl' });
  link.click();
}
const PAGES = { '/device': device, '/authorize': authorize, '/invitation': invitation };
const next = () => (PAGES[location.pathname] || account)();
(async () => {
  if (location.pathname === '/reset') return reset();
  const { ok } = await call('GET', '/v1/account');
  if (ok) await next(); else signIn();
})();
`;
