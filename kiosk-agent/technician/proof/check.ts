import type { FindingCode } from '../../api/finding-codes.ts'
import type { Proof } from '../../api/technician-contract.ts'

export type Check = Proof['checks'][number]
export type Result = Check['result']

/** The words a check writes while it looks. The worst of them is its result. */
export interface Notes {
  good(code: FindingCode, values?: Record<string, string>): void
  limited(code: FindingCode, values?: Record<string, string>): void
  bad(code: FindingCode, values?: Record<string, string>): void
  /** Neither good nor bad. */
  note(code: FindingCode, values?: Record<string, string>): void
}

/** Runs one check. What it throws is a finding too: a check that cannot be made has not been passed. */
export async function check(
  facts: Pick<Check, 'check' | 'device'>,
  look: (notes: Notes) => void | Promise<void>,
): Promise<Check> {
  const findings: Check['findings'] = []
  let result: Result = 'not-applicable'
  const worse = (next: Result) => {
    if (ranks.indexOf(next) > ranks.indexOf(result)) result = next
  }
  const say =
    (as: Result | undefined, ok: boolean | undefined) =>
    (code: FindingCode, values: Record<string, string> = {}) => {
      findings.push({ code, values, ...(ok === undefined ? {} : { ok }) })
      if (as) worse(as)
    }
  try {
    await look({
      good: say('good', true),
      limited: say('limited', false),
      bad: say('bad', false),
      note: say(undefined, undefined),
    })
  } catch (error) {
    say('limited', false)('test-failed', { why: error instanceof Error ? error.message : String(error) })
  }
  return { ...facts, result, findings }
}

const ranks: readonly Result[] = ['not-applicable', 'good', 'limited', 'bad']
