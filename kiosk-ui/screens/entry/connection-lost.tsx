import './connection-lost.css'
import type { Language } from '../../../kiosk-agent/api/contract.ts'
import { Icon, type IconName } from '../../components/icon.tsx'
import { localeFor } from '../../i18n/locale.ts'

interface ConnectionLostProps {
  readonly language: Language
  readonly state: 'connection-lost' | 'signed-out' | 'starting'
}

const icons: { readonly [S in ConnectionLostProps['state']]: IconName } = {
  'connection-lost': 'cable',
  'signed-out': 'alert',
  starting: 'clock',
}

/**
 * Lies over the last page while nothing shown there can be trusted and nothing pressed would arrive. The language
 * cannot be switched now, so a second one is always there.
 */
export function ConnectionLost({ language, state }: ConnectionLostProps) {
  const second: Language = language === 'en' ? 'zh-Hans' : 'en'
  return (
    <div class="overlay overlay-opaque">
      <div class="connection-lost" role="alert">
        <Icon name={icons[state]} />
        {[language, second].map((each, index) => {
          const { title, body } = sayingFor(each, state)
          const Heading = index === 0 ? 'h1' : 'h2'
          return (
            <div key={each} lang={each}>
              <Heading>{title}</Heading>
              {body && <p>{body}</p>}
            </div>
          )
        })}
        {state !== 'signed-out' && (
          <div class="connection-lost-progress" aria-hidden="true">
            <span />
          </div>
        )}
      </div>
    </div>
  )
}

function sayingFor(language: Language, state: ConnectionLostProps['state']) {
  const { connectionLost, signedOut, starting } = localeFor(language).messages
  if (state === 'starting') return { title: starting, body: '' }
  return state === 'signed-out' ? signedOut : connectionLost
}
