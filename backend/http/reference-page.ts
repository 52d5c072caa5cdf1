// The API's reference as a page: made in the browser from /openapi.json, which is made from the schemas. Served by the
// backend itself, with nothing from elsewhere.

export const REFERENCE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>genRTL API</title>
<link rel="stylesheet" href="/reference.css">
</head>
<body>
<main>
<h1 id="title">genRTL API</h1>
<p><label for="filter" id="filter-label"></label> <input id="filter" type="search"></p>
<p id="count" role="status" aria-live="polite"></p>
<div id="operations"></div>
</main>
<script src="/reference.js"></script>
</body>
</html>
`;

export const REFERENCE_CSS = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
input { font: inherit; padding: 0.25rem 0.5rem; width: min(24rem, 90vw) }
details { border-top: 1px solid GrayText; padding: 0.5rem 0 }
summary { cursor: pointer }
code, pre { font-family: ui-monospace, monospace; font-size: 0.875rem }
pre { overflow-x: auto; white-space: pre }
.method { display: inline-block; min-width: 4.5rem; font-weight: 600 }
h2 { font-size: 1rem; margin: 0.75rem 0 0 }
`;

/** Shown texts by language; both have the same keys. */
export const REFERENCE_TEXTS = {
  en: {
    title: 'API',
    filter: 'Filter by path or words',
    count: 'operations',
    parameters: 'Parameters',
    required: 'required',
    body: 'Request body',
    answer: 'Answer',
    token: 'Needs a bearer token',
    open: 'Needs no token',
    failed: 'The description could not be read.',
  },
  zh: {
    title: '接口',
    filter: '按路径或文字筛选',
    count: '个操作',
    parameters: '参数',
    required: '必填',
    body: '请求体',
    answer: '响应',
    token: '需要 Bearer 令牌',
    open: '无需令牌',
    failed: '无法读取接口说明。',
  },
} as const;

export const REFERENCE_JS = `'use strict';
const TEXTS = ${JSON.stringify(REFERENCE_TEXTS)};
const language = navigator.language.startsWith('zh') ? 'zh' : 'en';
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
const t = TEXTS[language];
const at = (id) => document.getElementById(id);
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
at('filter-label').textContent = t.filter;
const shown = (schema) => element('pre', { tabIndex: 0, textContent: JSON.stringify(schema, null, 2) });
const schemaOf = (content) => Object.entries(content || {}).flatMap(([type, { schema }]) =>
  [element('p', {}, element('code', { textContent: type })), shown(schema)]);
function operation(path, method, { summary, security, parameters, requestBody, responses }) {
  const parts = [element('p', { textContent: security ? t.token : t.open })];
  if (parameters && parameters.length > 0) parts.push(element('h2', { textContent: t.parameters }), element('ul', {},
    ...parameters.map((one) => element('li', {}, element('code', { textContent: one.name }), ' (' + one.in + (one.required ? ', ' + t.required : '') + ')'))));
  if (requestBody) parts.push(element('h2', { textContent: t.body }), ...schemaOf(requestBody.content));
  for (const [status, answer] of Object.entries(responses))
    parts.push(element('h2', { textContent: t.answer + ' ' + status + ': ' + answer.description }), ...schemaOf(answer.content));
  const made = element('details', {}, element('summary', {},
    element('span', { className: 'method', textContent: method.toUpperCase() }), element('code', { textContent: path }), ' ' + (summary || '')));
  // Schemas are long: they are drawn when somebody looks.
  made.addEventListener('toggle', () => { if (made.childElementCount === 1) made.append(...parts); });
  made.dataset.words = (method + ' ' + path + ' ' + (summary || '')).toLowerCase();
  return made;
}
(async () => {
  const response = await fetch('/openapi.json');
  if (!response.ok) { at('count').textContent = t.failed; return; }
  const { info, paths } = await response.json();
  at('title').textContent = info.title + ' ' + info.version + ': ' + t.title;
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => operation(path, method, one)));
  at('operations').append(...all);
  const filter = () => {
    const words = at('filter').value.toLowerCase().split(' ').filter(Boolean);
    let count = 0;
    for (const one of all) {
      one.hidden = !words.every((word) => one.dataset.words.includes(word));
      if (!one.hidden) count += 1;
    }
    at('count').textContent = count + ' ' + t.count;
  };
  at('filter').addEventListener('input', filter);
  filter();
})();
`;
