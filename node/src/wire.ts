/** The form that every language, the command line and files share: `snake_case`, times in Unix seconds. */

/** What the application keeps as it likes: its names are its own. */
const AS_THEY_ARE = new Set(['metadata', 'before', 'after'])

/** The wire form of an object's fields, with the name of what it is. */
export function wire(object: object, name?: string): Record<string, unknown> {
  const form: Record<string, unknown> = name === undefined ? {} : { object: name }
  for (const [field, value] of Object.entries(object)) {
    if (value === undefined) continue
    form[snake(field)] = AS_THEY_ARE.has(field) ? value : wired(value)
  }
  return form
}

function wired(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000
  if (Array.isArray(value)) return value.map(wired)
  if (typeof value !== 'object' || value === null) return value
  // Objects of ours know what they are called.
  return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : wire(value)
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** A date from Unix seconds. */
export function date(seconds: number): Date {
  return new Date(seconds * 1000)
}

/** A date, or null. */
export function maybeDate(seconds: number | null | undefined): Date | null {
  return seconds === null || seconds === undefined ? null : date(seconds)
}
