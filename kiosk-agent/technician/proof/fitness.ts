import type { FindingCode } from '../../api/finding-codes.ts'
import type { Proof } from '../../api/technician-contract.ts'
import type { Unfit } from '../../entry/view.ts'
import type { Check } from './check.ts'

/** The worst that was found is how fit the terminal is. */
export function fitnessOf(checks: readonly Check[]): Proof['fitness'] {
  const results = checks.map(({ result }) => result)
  if (results.includes('bad')) return 'out-of-service'
  return results.includes('limited') ? 'limited' : 'fit'
}

const shutBy: { readonly [Code in FindingCode]?: Unfit['shut'][number] } = {
  'clock-before-build': 'clock-wrong',
  'clock-before-ledger': 'clock-wrong',
  'ledger-damaged': 'record-damaged',
  'disk-full': 'disk-full',
  'disk-does-not-write': 'disk-full',
}

/**
 * What of a proof holds until the next one. Devices and paper do not: a device that was away at half past seven and came back at
 * eight works, and the terminal sees both from moment to moment.
 */
export function unfitBy({ checks }: Pick<Proof, 'checks'>): Unfit {
  const lasting = checks.filter(({ check }) => check !== 'device' && check !== 'paper')
  const shut = lasting
    .filter(({ result }) => result === 'bad')
    .flatMap(({ check, findings }) =>
      findings.flatMap(({ code, ok }) => {
        // A clock that differs by far shuts the door too.
        const reason = shutBy[code] ?? (check === 'clock' && ok === false ? 'clock-wrong' : undefined)
        return ok === false && reason ? [reason] : []
      }),
    )
  const care = lasting.some(({ result }) => result === 'limited')
  return { shut: [...new Set(shut)], limited: care ? ['needs-care'] : [] }
}
