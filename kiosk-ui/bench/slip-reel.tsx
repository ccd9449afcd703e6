import { signal } from '@preact/signals'
import type { Bench, BenchAction, Language } from '../../kiosk-agent/api/contract.ts'
import { formatsFor } from '../i18n/formats.ts'
import { Slip } from './slip.tsx'
import type { BenchWords } from './words.ts'

/** Id of the slip looked at; null follows the newest. */
const chosen = signal<string | null>(null)

interface SlipReelProps {
  readonly bench: Bench
  readonly words: BenchWords
  readonly language: Language
  act(action: BenchAction): void
}

/** The newest slip, and the older ones behind it. */
export function SlipReel({ bench: { slips }, words, language, act }: SlipReelProps) {
  const index = Math.max(
    0,
    slips.findIndex(({ id }) => id === chosen.value),
  )
  const slip = slips[index]
  const look = (at: number) => {
    chosen.value = at === 0 ? null : (slips[at]?.id ?? null)
  }
  return (
    <section class="bench-group">
      <div class="bench-slip-head">
        <h3>{words.slips}</h3>
        {slips.length > 1 && (
          <div class="bench-row">
            <button type="button" disabled={index === 0} onClick={() => look(index - 1)}>
              {words.newer}
            </button>
            <span>
              {index + 1}/{slips.length}
            </span>
            <button type="button" disabled={index === slips.length - 1} onClick={() => look(index + 1)}>
              {words.older}
            </button>
          </div>
        )}
      </div>
      {slip ? (
        <>
          <Slip paper={slip.paper} label={`${words.slips} ${formatsFor(language).clock(slip.at)}`} />
          <button type="button" onClick={() => act({ type: 'scan-slip', slip: slip.id })}>
            {words.scanSlip}
          </button>
        </>
      ) : (
        <p>{words.noSlip}</p>
      )}
    </section>
  )
}
