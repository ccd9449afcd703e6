import type { Console } from '../../../kiosk-agent/api/technician-contract.ts'
import { Sure } from '../../components/technician/press.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { traceAddress } from '../../technician-client.ts'
import { agentTime, send } from '../../technician-state.ts'
import { momentOf } from './device-marks.tsx'

interface TracesProps {
  readonly traces: Console['traces']
  readonly locale: ConsoleLocale
}

/** What was recorded, to be carried away or deleted. */
export function Traces({ traces, locale }: TracesProps) {
  const words = locale.words.wire
  return (
    <section class="sheet">
      <h2>{words.traces}</h2>
      {traces.length === 0 && <p class="soft">{words.noTraces}</p>}
      <ul class="changes">
        {traces.map(({ name, device, at, bytes }) => (
          <li key={name}>
            <div>
              <p class="mono">{name}</p>
              <p class="note">
                {device} · {momentOf(at, agentTime.value, locale)} ·{' '}
                {locale.formats.number(Math.ceil(bytes / 1000))} kB
              </p>
            </div>
            <div class="bar">
              <a class="press" href={traceAddress(name)} download={name}>
                {words.download}
              </a>
              <Sure
                label={words.delete}
                question={words.deleteSure}
                onYes={() => void send({ type: 'delete-trace', name })}
              />
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
