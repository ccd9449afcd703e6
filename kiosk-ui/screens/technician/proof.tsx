import './proof.css'
import type { Proof as ProofResult } from '../../../kiosk-agent/api/technician-contract.ts'
import { Empty, Mark, Notice, type Tone } from '../../components/technician/notice.tsx'
import { CommandPress } from '../../components/technician/press.tsx'
import { ToolIcon, type ToolIconName } from '../../components/technician/tool-icon.tsx'
import { type ConsoleLocale, wordOf } from '../../i18n/technician/locale.ts'
import { agentTime } from '../../technician-state.ts'
import type { ViewProps } from './console-props.ts'
import { momentOf } from './device-marks.tsx'
import { Findings } from './findings.tsx'

type Check = ProofResult['checks'][number]

const results: { readonly [R in Check['result']]: readonly [Tone, ToolIconName] } = {
  good: ['green', 'check'],
  limited: ['amber', 'alert'],
  bad: ['red', 'cross'],
  'not-applicable': ['plain', 'minus'],
}

const fitnessIcons: { readonly [F in ProofResult['fitness']]: ToolIconName } = {
  fit: 'check',
  limited: 'alert',
  'out-of-service': 'cross',
}

/** The self-test before opening: is the terminal fit, and if not, what is to be mended first. */
export function Proof({ state: { proof }, locale }: ViewProps) {
  const words = locale.words.proof
  const { running, schedule, last } = proof
  return (
    <div class="view">
      <h1>{words.title}</h1>
      <p class="soft">{words.hint}</p>
      <div class="bar">
        <CommandPress
          command={{ type: 'run-proof' }}
          label={running ? words.running : words.run}
          look="primary"
          icon="proof"
          disabled={running}
        />
        <Mark tone="plain" icon="clock" label={schedule ? words.schedule(schedule) : words.noSchedule} />
      </div>
      {running && <Notice tone="blue" role="status" icon="clock" title={words.running} />}
      {last ? (
        <Result proof={last} locale={locale} />
      ) : (
        !running && <Empty icon="proof" title={words.never} hint={words.neverHint} />
      )}
    </div>
  )
}

function Result({ proof, locale }: { readonly proof: ProofResult; readonly locale: ConsoleLocale }) {
  const words = locale.words.proof
  const by = proof.by === 'schedule' ? words.bySchedule : proof.by
  return (
    <>
      <section class={`fitness fitness-${proof.fitness}`}>
        <ToolIcon name={fitnessIcons[proof.fitness]} />
        <div>
          <h2>{words.fitness[proof.fitness]}</h2>
          <p>{words.fitnessHint[proof.fitness]}</p>
          <p>{words.at(momentOf(proof.at, agentTime.value, locale), by)}</p>
        </div>
      </section>
      <ul class="device-list">
        {proof.checks
          .toSorted((a, b) => urgency(a) - urgency(b))
          .map((check) => (
            <CheckPart key={`${check.check} ${check.device ?? ''}`} check={check} locale={locale} />
          ))}
      </ul>
      <dl class="sheet signature">
        <div>
          <dt class="note">{words.signature}</dt>
          <dd title={proof.signature}>{short(proof.signature)}</dd>
        </div>
        <div>
          <dt class="note">{words.publicKey}</dt>
          <dd>{proof.publicKey}</dd>
        </div>
      </dl>
    </>
  )
}

/** What must be mended stands first. */
const order: readonly Check['result'][] = ['bad', 'limited', 'good', 'not-applicable']
const urgency = ({ result }: Check) => order.indexOf(result)

const short = (signature: string) => `${signature.slice(0, 12)}…${signature.slice(-12)}`

function CheckPart({ check, locale }: { readonly check: Check; readonly locale: ConsoleLocale }) {
  const words = locale.words.proof
  const [tone, icon] = results[check.result]
  return (
    <li class="sheet">
      <div class="sheet-head">
        <h2>
          {wordOf(words.checks, check.check)} {check.device && <span class="mono">{check.device}</span>}
        </h2>
        <Mark tone={tone} icon={icon} label={words.results[check.result]} />
      </div>
      <Findings findings={check.findings} locale={locale} />
    </li>
  )
}
