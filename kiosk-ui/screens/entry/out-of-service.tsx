import './out-of-service.css'
import type { Snapshot } from '../../../kiosk-agent/api/contract.ts'
import { Icon } from '../../components/icon.tsx'
import { Panel } from '../../components/panel.tsx'
import type { Locale } from '../../i18n/locale.ts'
import type { ScreenProps } from '../screen-props.ts'

/** This machine cannot help now, or is being looked after: which part, where to go instead, whom to ring. */
export function OutOfService({ snapshot, locale }: ScreenProps) {
  const words = locale.messages.outOfService
  const serviced = snapshot.service.state === 'maintenance'
  // What the technician has just unplugged is no news for a visitor.
  const parts = serviced ? [] : brokenParts(snapshot, locale)
  return (
    <div class="out-of-service">
      <Panel tone="amber" icon="cable" saying={serviced ? locale.messages.maintenance : words} />
      <Panel tone="blue" scene="staff" saying={words.alternative} level={2}>
        {snapshot.hall.phone && (
          <p class="out-of-service-phone">{locale.messages.help.phone(snapshot.hall.phone)}</p>
        )}
      </Panel>
      {parts.length > 0 && (
        <section class="out-of-service-parts">
          <h2>{words.parts}</h2>
          <ul>
            {parts.map((part) => (
              <li key={part}>
                <Icon name="alert" />
                {part}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

const proofNotices = new Set<string>(['clock-wrong', 'record-damaged', 'disk-full'])

/** The visitor's names of what does not work, each once. */
function brokenParts({ service }: Snapshot, { messages }: Locale): string[] {
  const { devices, someDevice } = messages.outOfService
  const names: { readonly [kind: string]: string } = devices
  // Nothing of the visitor's can be wrong with these; staff must know which it is.
  const reasons = service.notices.filter((notice) => proofNotices.has(notice))
  const broken = service.devices.filter(({ state }) => state !== 'online' && state !== 'deviceBusy')
  const parts = broken.map(({ kind }) => names[kind] ?? someDevice)
  return [...new Set([...reasons.map((reason) => messages.notices[reason]), ...parts])]
}
