import './checklist.css'
import type { Check, SessionView, Snapshot } from '../../../kiosk-agent/api/contract.ts'
import { CameraButton } from '../../camera/camera-button.tsx'
import { cameraViewFor, putCameraAway } from '../../camera/camera-choice.ts'
import { type ChecklistRow, checklistRows, nextUsefulStep, readsByCamera } from '../../choose-screen.ts'
import { Button } from '../../components/button.tsx'
import { Icon, type IconName } from '../../components/icon.tsx'
import { Panel } from '../../components/panel.tsx'
import type { SceneName } from '../../components/scene.tsx'
import type { Locale } from '../../i18n/locale.ts'
import { stepSaying } from '../../i18n/sayings.ts'
import type { Actions, ScreenProps } from '../screen-props.ts'

const icons: { readonly [N in Check['check']]: IconName } = {
  identity: 'card',
  appointment: 'calendar',
  health: 'phone',
  temperature: 'thermometer',
  mask: 'mask',
}

const scenes: { readonly [N in Check['check']]: SceneName } = {
  identity: 'card',
  appointment: 'card',
  health: 'phone',
  temperature: 'face',
  mask: 'mask',
}

/** The visit fills itself in: the next useful step large, what is done green, what is missing quiet. */
export function Checklist({ snapshot, locale, actions }: ScreenProps) {
  const { session } = snapshot
  if (!session) return null
  const words = locale.messages.checklist
  const checks = currentChecks(session)
  const rows = checklistRows(checks)
  const step = nextUsefulStep(session)
  const done = rows.filter(({ state }) => state === 'passed').length
  return (
    <div class="checklist">
      <Stage snapshot={snapshot} session={session} step={step} locale={locale} actions={actions} />
      <section class="checklist-steps">
        <div class="checklist-head">
          <h2>{words.title}</h2>
          <p>{words.progress(done, rows.length)}</p>
        </div>
        <ol>
          {rows.map((row) => (
            <Row
              key={row.main.check}
              row={row}
              current={row.main === step || (step !== undefined && row.appointment === step)}
              session={session}
              byCamera={readsByCamera(snapshot)}
              locale={locale}
              actions={actions}
            />
          ))}
        </ol>
      </section>
    </div>
  )
}

/** What the person at the machine has shown so far. */
function currentChecks(session: SessionView): readonly Check[] {
  return session.persons[session.current]?.checks ?? []
}

interface StageProps {
  readonly snapshot: Snapshot
  readonly session: SessionView
  readonly step: Check | undefined
  readonly locale: Locale
  readonly actions: Actions
}

function Stage({ snapshot, session, step, locale, actions }: StageProps) {
  const words = locale.messages.checklist
  if (!step) {
    const failed = currentChecks(session).some(({ state }) => state === 'failed')
    // No drawing: one of a person walking would send somebody off before the decision.
    return <Panel tone="blue" icon="clock" saying={failed ? words.failed : words.committing} />
  }
  const about = session.id
  const needsCode = step.check === 'health' && step.state !== 'working' && session.phase === 'collecting'
  const Camera = needsCode ? cameraViewFor(session) : null
  if (Camera) return <Camera session={session} locale={locale} actions={actions} putAway={putCameraAway} />
  const plainLook = step.state === 'attention' ? 'plain' : 'on-blue'
  const byCamera = step.check === 'health' && readsByCamera(snapshot)
  const cameraLook = byCamera && step.state === 'attention' ? 'primary' : plainLook
  return (
    <Panel
      tone={step.state === 'attention' ? 'amber' : 'blue'}
      // The drawing shows the scanner.
      scene={byCamera ? undefined : scenes[step.check]}
      icon={byCamera ? 'camera' : undefined}
      saying={stepSaying(step, locale, byCamera)}
    >
      {needsCode && snapshot.terminal.camera && (
        <CameraButton sessionId={about} locale={locale} look={cameraLook} />
      )}
      {step.check === 'health' && step.state !== 'working' && (
        <Button
          intent={{ type: 'no-phone', about }}
          actions={actions}
          label={words.noPhone}
          look={plainLook}
        />
      )}
      {step.check === 'mask' && step.state !== 'working' && (
        <Button
          intent={{ type: 'attest-mask', about }}
          actions={actions}
          label={words.attestMask}
          look={step.state === 'attention' ? 'primary' : 'on-blue'}
        />
      )}
    </Panel>
  )
}

interface RowProps {
  readonly row: ChecklistRow
  readonly current: boolean
  readonly session: SessionView
  readonly byCamera: boolean
  readonly locale: Locale
  readonly actions: Actions
}

function Row({ row, current, session, byCamera, locale, actions }: RowProps) {
  const { check } = row.main
  const words = locale.messages.checklist
  const canAttest = check === 'mask' && !current && session.phase === 'collecting' && row.state === 'missing'
  return (
    <li
      class={`row row-${row.state} ${current ? 'row-current' : ''}`}
      aria-current={current ? 'step' : undefined}
    >
      <span class="row-icon">
        <Icon name={icons[check]} />
      </span>
      <div class="row-words">
        <h3>{words.checks[check].name}</h3>
        {rowDetails(row, locale, byCamera).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {canAttest ? (
        <Button
          intent={{ type: 'attest-mask', about: session.id }}
          actions={actions}
          label={words.attestMask}
        />
      ) : (
        <p class="row-state">
          {row.state !== 'missing' && <Icon name={stateIcons[row.state]} />}
          {row.state === 'passed' ? words.checks[check].passed : words.states[row.state]}
        </p>
      )}
    </li>
  )
}

const stateIcons: { readonly [S in Exclude<Check['state'], 'missing'>]: IconName } = {
  working: 'clock',
  passed: 'check',
  attention: 'repeat',
  failed: 'person',
}

/** What came in, masked; before that, the hint. */
function rowDetails(
  { main, appointment, state }: ChecklistRow,
  { messages, formats, language }: Locale,
  byCamera: boolean,
): string[] {
  const words = messages.checklist
  const details: string[] = []
  if (main.check === 'identity' && main.holder)
    details.push(`${main.holder.nameMasked} · ${main.holder.idMasked}`)
  if (main.check === 'temperature' && main.tenths !== undefined) details.push(formats.celsius(main.tenths))
  const booked = appointment ?? (main.check === 'appointment' ? main : undefined)
  if (booked?.appointment) {
    const { slotStart, slotEnd, item } = booked.appointment
    details.push(words.appointment(formats.range(slotStart, slotEnd), item[language]))
  } else if (booked && main.state === 'passed' && state === 'working') details.push(words.appointmentSought)
  const hint = byCamera && main.check === 'health' ? messages.camera.hint : words.checks[main.check].hint
  return details.length > 0 || state === 'passed' ? details : [hint]
}
