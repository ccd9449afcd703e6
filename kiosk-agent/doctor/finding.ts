/** What the doctor says about one thing. `fault`: the terminal cannot work so; `note`: worth knowing, and no fault by itself. */
export interface Finding {
  readonly level: 'ok' | 'note' | 'fault'
  /** Of what: "gate", "disk", "USB Serial (1a86:7523), socket 1-1". */
  readonly about: string
  readonly message: string
  /** Commands, in order; empty where there is nothing to cure, or hands are needed. */
  readonly cure: readonly string[]
}

export const ok = (about: string, message: string): Finding => ({ level: 'ok', about, message, cure: [] })
export const note = (about: string, message: string, cure: readonly string[] = []): Finding => ({
  level: 'note',
  about,
  message,
  cure,
})
export const fault = (about: string, message: string, cure: readonly string[] = []): Finding => ({
  level: 'fault',
  about,
  message,
  cure,
})

const marks = { ok: 'ok     ', note: 'note   ', fault: 'FAULT  ' } as const

/** The whole as plain text, faults last, where whoever reads it in a terminal looks first. */
export function asText(findings: readonly Finding[]): string {
  const order = { ok: 0, note: 1, fault: 2 } as const
  const sorted = findings.toSorted((left, right) => order[left.level] - order[right.level])
  const lines = sorted.flatMap(({ level, about, message, cure }) => [
    `${marks[level]} ${message.startsWith(about) ? message : `${about}: ${message}`}`,
    ...cure.map((command) => `            ${command}`),
  ])
  const faults = findings.filter(({ level }) => level === 'fault').length
  const sum =
    faults === 0 ? 'Nothing to mend.' : faults === 1 ? 'One thing to mend.' : `${faults} things to mend.`
  return `${lines.join('\n')}\n\n${sum}\n`
}
