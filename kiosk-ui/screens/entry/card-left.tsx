import './card-left.css'
import { Panel } from '../../components/panel.tsx'
import { languages } from '../../i18n/languages.ts'
import { localeFor } from '../../i18n/locale.ts'
import type { ScreenProps } from '../screen-props.ts'

/** A card was forgotten: in every language, because the one its owner chose went with the visit. */
export function CardLeft({ locale }: ScreenProps) {
  const others = languages.filter((language) => language !== locale.language)
  return (
    <div class="card-left">
      <Panel tone="blue" scene="take-card" saying={locale.messages.cardLeft} />
      <div class="card-left-others">
        {others.map((language) => (
          <p key={language} lang={language}>
            {localeFor(language).messages.cardLeft.title}
          </p>
        ))}
      </div>
    </div>
  )
}
