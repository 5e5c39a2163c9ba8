// The declarations of the native part, from what napi-derive notes while it is compiled: one JSON object to a line.

/** The text of `index.d.cts`. */
export function declarations(notes) {
  const lines = notes.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line))
  const classes = new Map()
  const others = []
  for (const { kind, name, js_doc: doc, def } of lines) {
    switch (kind) {
      case 'struct':
      case 'impl': {
        const it = classes.get(name) ?? { doc: '', members: '' }
        classes.set(name, { doc: it.doc || doc, members: [it.members, def].filter(Boolean).join('\n') })
        break
      }
      case 'interface':
        others.push([name, `${doc}export interface ${name} {\n${indented(def)}\n}`])
        break
      case 'fn':
        others.push([name, `${doc}export declare ${def}`])
        break
      default:
        throw new Error(`napi-derive notes ${kind}, which ${import.meta.url} does not know`)
    }
  }
  for (const [name, { doc, members }] of classes) {
    others.push([name, `${doc}export declare class ${name} {\n${indented(members)}\n}`])
  }
  const texts = others.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text.trimStart())
  return ['// Written by `npm run build` from bindings/node.', ...texts, ''].join('\n\n').replace(/\n+$/, '\n')
}

function indented(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('*') ? `   ${line}` : `  ${line}`))
    .join('\n')
}
