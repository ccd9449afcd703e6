import './footer.css'
import type { Intent } from '../../kiosk-agent/api/contract.ts'
import { languageNames, languages } from '../i18n/languages.ts'
import type { Locale } from '../i18n/locale.ts'
import type { Actions } from '../screens/screen-props.ts'
import { Button } from './button.tsx'

interface FooterProps {
  readonly locale: Locale
  readonly actions: Actions
  /** How to end what is on the screen, where that can be ended. */
  readonly end?: { readonly label: string; readonly intent: Intent } | undefined
  readonly helpCalled: boolean
}

/** The same controls at the bottom edge of every screen, within a seated person's reach. */
export function Footer({ locale, actions, end, helpCalled }: FooterProps) {
  const words = locale.messages.footer
  return (
    <footer class="footer">
      <fieldset class="footer-languages">
        <legend class="unseen">{words.language}</legend>
        {languages.map((language) => (
          <button
            key={language}
            type="button"
            lang={language}
            aria-pressed={language === locale.language}
            disabled={actions.sending('set-language')}
            onClick={() => actions.send({ type: 'set-language', language })}
          >
            {languageNames[language]}
          </button>
        ))}
      </fieldset>
      {end && <Button intent={end.intent} actions={actions} label={end.label} />}
      {!helpCalled && (
        <Button
          intent={{ type: 'call-help' }}
          actions={actions}
          label={words.callStaff}
          look="help"
          icon="bell"
        />
      )}
    </footer>
  )
}
