import type { ConsoleDevice, TestRun } from '../../../kiosk-agent/api/technician-contract.ts'
import { Mark, type Tone } from '../../components/technician/notice.tsx'
import { CommandPress } from '../../components/technician/press.tsx'
import { ToolIcon, type ToolIconName } from '../../components/technician/tool-icon.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { deviceName } from './device-marks.tsx'
import { degrees, Findings } from './findings.tsx'

interface RunProps {
  readonly run: TestRun
  readonly devices: readonly ConsoleDevice[]
  readonly locale: ConsoleLocale
}

const looks: { readonly [S in TestRun['state']]: readonly [Tone, ToolIconName] } = {
  running: ['blue', 'clock'],
  person: ['blue', 'person'],
  passed: ['green', 'check'],
  failed: ['red', 'cross'],
  cancelled: ['plain', 'minus'],
}

export const isOver = ({ state }: TestRun) => state !== 'running' && state !== 'person'

/** The test that runs or ran last: what to do now, large, and what it found. */
export function RunPart({ run, devices, locale }: RunProps) {
  const words = locale.words.test
  const device = devices.find(({ id }) => id === run.device)
  const [tone, icon] = looks[run.state]
  const { offsetCentiCelsius: offset } = run
  return (
    <section class="sheet">
      <div class="sheet-head">
        <div>
          <h2>{words.names[run.test]}</h2>
          <p class="soft">{device ? deviceName(device, locale) : run.device}</p>
        </div>
        <div role="status">
          <Mark tone={tone} icon={icon} label={words.states[run.state]} />
        </div>
      </div>
      {run.state === 'person' && run.ask && (
        <p class="test-ask" role="alert">
          <ToolIcon name="person" />
          {words.asks[run.ask]}
        </p>
      )}
      <Findings findings={run.findings} locale={locale} />
      {offset !== undefined && isOver(run) && (
        <p>
          <strong>{words.difference(`${offset > 0 ? '+' : ''}${degrees(offset, locale.formats)}`)}</strong>
        </p>
      )}
      <div class="bar">
        {!isOver(run) && <CommandPress command={{ type: 'cancel-test' }} label={words.stop} />}
        {isOver(run) && run.test !== 'compare-temperature' && (
          <CommandPress
            command={{ type: 'run-test', device: run.device, test: run.test }}
            label={words.again}
            ours
          />
        )}
        {isOver(run) && offset !== undefined && (
          <CommandPress command={{ type: 'keep-offset' }} label={words.keepOffset} look="primary" ours />
        )}
      </div>
    </section>
  )
}
