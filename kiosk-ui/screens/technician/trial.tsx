import type { Console } from '../../../kiosk-agent/api/technician-contract.ts'
import { Mark } from '../../components/technician/notice.tsx'
import { CommandPress } from '../../components/technician/press.tsx'
import { type ConsoleLocale, wordOf } from '../../i18n/technician/locale.ts'
import { sinceMs } from '../../technician-state.ts'
import { kept, stopEditing } from './configure-draft.ts'
import { Failure } from './devices.tsx'

interface TrialProps {
  readonly trial: NonNullable<Console['trial']>
  readonly locale: ConsoleLocale
}

const marks = {
  trying: { tone: 'blue', icon: 'clock' },
  works: { tone: 'green', icon: 'check' },
  failed: { tone: 'red', icon: 'alert' },
} as const

/** A change that runs on the device and is not kept yet: what came of it, and what to do with it. */
export function TrialPart({ trial, locale }: TrialProps) {
  const words = locale.words.configure
  const { device, state, error, facts } = trial
  const left = Math.max(0, Math.ceil((trial.remainingMs - sinceMs.value) / 1000))
  return (
    <section class={`sheet trial trial-${state}`}>
      <div class="sheet-head">
        <div role="status">
          <h2>{state === 'trying' ? words.trying : words[state]}</h2>
          <p class="soft mono">
            {device.id} · {device.driver}
          </p>
        </div>
        <Mark {...marks[state]} label={words.left(left)} />
      </div>
      {error && <Failure failure={error} tone="red" locale={locale} />}
      {state === 'failed' && <p>{words.failedHint}</p>}
      <dl class="facts">
        {Object.entries(facts).map(([name, value]) => (
          <div key={name}>
            <dt>{wordOf(locale.devices.facts, name)}</dt>
            <dd>{wordOf(locale.devices.factValues, value)}</dd>
          </div>
        ))}
      </dl>
      <div class="bar">
        {state === 'works' && (
          <CommandPress
            command={{ type: 'keep-trial' }}
            label={words.keep}
            look="primary"
            icon="check"
            ours
            onDone={() => {
              stopEditing()
              kept.value = device.id
            }}
          />
        )}
        <CommandPress command={{ type: 'drop-trial' }} label={words.drop} ours />
      </div>
    </section>
  )
}
