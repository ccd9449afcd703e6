import './emergency.css'
import { Icon } from '../../components/icon.tsx'
import { Scene } from '../../components/scene.tsx'
import { languages } from '../../i18n/languages.ts'
import { localeFor } from '../../i18n/locale.ts'
import type { ScreenProps } from '../screen-props.ts'

/** Fire: every language at once, because nobody should have to press anything now. */
export function Emergency({ locale }: ScreenProps) {
  const others = languages.filter((language) => language !== locale.language)
  const { title, body } = locale.messages.emergency
  return (
    <div class="emergency" role="alert">
      <div class="emergency-scene">
        <Scene name="walk" />
      </div>
      <div class="emergency-first">
        <h1>
          <Icon name="alert" />
          {title}
        </h1>
        <p>{body}</p>
      </div>
      <div class="emergency-others">
        {others.map((language) => (
          <div key={language} lang={language}>
            <h2>{localeFor(language).messages.emergency.title}</h2>
            <p>{localeFor(language).messages.emergency.body}</p>
          </div>
        ))}
      </div>
    </div>
  )
}
