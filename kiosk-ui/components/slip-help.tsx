import './slip-help.css'
import type { Outcome } from '../../kiosk-agent/api/contract.ts'
import type { Locale } from '../i18n/locale.ts'
import type { Actions } from '../screens/screen-props.ts'
import { bitmapPath } from './bitmap-path.ts'
import { Button } from './button.tsx'

interface SlipHelpProps {
  readonly outcome: Outcome
  readonly help: NonNullable<Outcome['slipHelp']>
  /** What is known of the slip, as a sentence. */
  readonly text: string
  readonly locale: Locale
  readonly actions: Actions
}

/** White around a symbol, in modules: without it a phone does not find its edge. */
const QUIET = 4

/** When it is not certain that the visitor has the slip: what we know, the choices, and the short code to take along instead. */
export function SlipHelp({ outcome, help, text, locale, actions }: SlipHelpProps) {
  const words = locale.messages.slipHelp
  const { copy, offers, qr } = help
  const about = outcome.id
  const side = qr.length + 2 * QUIET
  return (
    <section class="slip-help">
      <svg class="slip-help-symbol" viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`} aria-hidden="true">
        <path d={bitmapPath(qr)} />
      </svg>
      <div class="slip-help-words">
        <h2>{text}</h2>
        <p>{words.photograph}</p>
        <p class="slip-help-code">
          <span>{words.code}</span> <strong>{outcome.slipCode}</strong>
        </p>
      </div>
      {offers.length > 0 && (
        <div class="slip-help-choices">
          {offers.includes('have-slip') && (
            <Button
              intent={{ type: 'have-slip', about, copy }}
              actions={actions}
              label={words.haveSlip}
              icon="check"
            />
          )}
          {offers.includes('print-again') && (
            <Button
              intent={{ type: 'print-again', about, copy }}
              actions={actions}
              label={words.printAgain}
              icon="slip"
            />
          )}
        </div>
      )}
    </section>
  )
}
