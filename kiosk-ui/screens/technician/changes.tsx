import type { Console } from '../../../kiosk-agent/api/technician-contract.ts'
import { Sure } from '../../components/technician/press.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { agentTime, isOurs, send } from '../../technician-state.ts'
import { momentOf } from './device-marks.tsx'

interface ChangesProps {
  readonly changes: Console['changes']
  readonly locale: ConsoleLocale
}

/** Who changed what and when; the newest can be undone. */
export function Changes({ changes, locale }: ChangesProps) {
  const words = locale.words.configure
  const separator = locale.language === 'en' ? ', ' : '、'
  return (
    <section class="sheet">
      <h2>{words.history}</h2>
      {changes.length === 0 && <p class="soft">{words.noHistory}</p>}
      <ol class="changes">
        {changes.map(({ version, at, who, what, devices }, index) => (
          <li key={version}>
            <div>
              <p>
                <strong>{words.what[what]}</strong> {devices.join(separator)}
              </p>
              <p class="note">
                {momentOf(at, agentTime.value, locale)} · {who}
              </p>
            </div>
            {index === 0 && (
              <Sure
                label={words.undo}
                look="plain"
                question={words.undoSure}
                disabled={!isOurs.value}
                onYes={() => void send({ type: 'undo', version })}
              />
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
