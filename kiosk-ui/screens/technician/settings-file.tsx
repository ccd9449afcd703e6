import { signal } from '@preact/signals'
import type { SettingsFile, SettingsReview } from '../../../kiosk-agent/api/technician-contract.ts'
import { Notice } from '../../components/technician/notice.tsx'
import { CommandPress, Press } from '../../components/technician/press.tsx'
import { type ConsoleLocale, wordOf } from '../../i18n/technician/locale.ts'
import { reviewSettings, settingsAddress } from '../../technician-client.ts'
import type { ViewProps } from './console-props.ts'

/** What was chosen: a file and what it would change, or why it cannot be read. */
const chosen = signal<
  | { readonly file: SettingsFile; readonly review: SettingsReview }
  | { readonly refused: 'unreadable' | string; readonly message?: string }
  | null
>(null)

/** The whole terminal's settings as one file: out, looked at, in. */
export function SettingsFilePart({ state: { terminal }, locale }: ViewProps) {
  const words = locale.words.configure
  const choice = chosen.value
  return (
    <section class="sheet">
      <h2>{words.file}</h2>
      <div class="bar">
        <a class="press" href={settingsAddress} download={`${terminal.id}-settings.json`}>
          {words.export}
        </a>
        <label class="press choose-file">
          {words.import}
          <input
            type="file"
            accept="application/json,.json"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? []
              currentTarget.value = ''
              if (file) void read(file)
            }}
          />
        </label>
      </div>
      {choice && 'refused' in choice && (
        <Notice
          tone="red"
          role="alert"
          title={
            choice.refused === 'unreadable' ? words.unreadable : wordOf(locale.words.refusals, choice.refused)
          }
        >
          {choice.message && (
            <p class="mono" lang="en">
              {choice.message}
            </p>
          )}
        </Notice>
      )}
      {choice && 'review' in choice && <Review {...choice} terminal={terminal.id} locale={locale} />}
    </section>
  )
}

interface ReviewProps {
  readonly file: SettingsFile
  readonly review: SettingsReview
  readonly terminal: string
  readonly locale: ConsoleLocale
}

function Review({ file, review, terminal, locale }: ReviewProps) {
  const { words, language } = locale
  const list = (devices: readonly string[]) => devices.join(language === 'en' ? ', ' : '、')
  const { added, changed, removed, panel, faults } = review
  const lines = [
    added.length > 0 && words.configure.added(list(added)),
    changed.length > 0 && words.configure.changed(list(changed)),
    removed.length > 0 && words.configure.removed(list(removed)),
    panel && words.configure.panel,
  ].filter((line) => typeof line === 'string')
  const forget = () => {
    chosen.value = null
  }
  return (
    <div class="view">
      <h3>{words.configure.review}</h3>
      {file.terminal !== terminal && (
        <Notice tone="amber" title={words.configure.otherTerminal(file.terminal)} />
      )}
      <ul>
        {(lines.length > 0 ? lines : [words.configure.nothing]).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {faults.length > 0 && (
        <Notice tone="red" role="alert" title={words.configure.faults}>
          <ul class="faults mono" lang="en">
            {faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </Notice>
      )}
      <div class="bar">
        <CommandPress
          command={{ type: 'import-settings', file }}
          label={words.configure.importNow}
          look="primary"
          ours
          disabled={faults.length > 0 || lines.length === 0}
          onDone={forget}
        />
        <Press label={words.cancel} onPress={forget} />
      </div>
    </div>
  )
}

async function read(chosenFile: File): Promise<void> {
  chosen.value = null
  let file: SettingsFile
  try {
    file = JSON.parse(await chosenFile.text())
  } catch {
    chosen.value = { refused: 'unreadable' }
    return
  }
  const review = await reviewSettings(file)
  if (review && 'added' in review) chosen.value = { file, review }
  else
    chosen.value = {
      refused: review?.error ?? 'unreachable',
      ...(review && 'message' in review && { message: review.message }),
    }
}
