import './panel.css'
import type { ComponentChildren } from 'preact'
import type { Saying } from '../i18n/messages.ts'
import { Icon, type IconName } from './icon.tsx'
import { Scene, type SceneName } from './scene.tsx'

interface PanelProps {
  /** Blue: do this now. Amber: something to know or mend. Red: danger. */
  readonly tone: 'blue' | 'amber' | 'red'
  readonly saying: Saying
  readonly scene?: SceneName | undefined
  /** In place of a drawing. */
  readonly picture?: ComponentChildren
  /** Names the matter where there is nothing to do: a drawing would call for an action. */
  readonly icon?: IconName | undefined
  readonly eyebrow?: string | undefined
  readonly level?: 1 | 2
  readonly children?: ComponentChildren
}

/** The one large thing on a screen; its colour and drawing tell the state from a distance, its words tell it exactly. */
export function Panel({ tone, saying, scene, picture, icon, eyebrow, level = 1, children }: PanelProps) {
  const Heading = `h${level}` as const
  return (
    <section class={`panel panel-${tone} ${scene || picture ? 'panel-with-scene' : ''}`}>
      {(scene || picture) && <div class="panel-scene">{scene ? <Scene name={scene} /> : picture}</div>}
      <div class="panel-words">
        {icon && (
          <span class="panel-icon">
            <Icon name={icon} />
          </span>
        )}
        {eyebrow && <p class="panel-eyebrow">{eyebrow}</p>}
        <Heading>{saying.title}</Heading>
        <p class="panel-body">
          {sentences(saying.body).map((sentence) => (
            <span key={sentence}>{withStrongTimes(sentence)}</span>
          ))}
        </p>
        {children && <div class="panel-actions">{children}</div>}
      </div>
    </section>
  )
}

/** One sentence a line: lines then break where the sense does. */
function sentences(text: string): string[] {
  return text.split(/(?<=。)|(?<=\.) /)
}

const clockTimes = /(\d{1,2}:\d{2}(?:–\d{1,2}:\d{2})?)/

/** Times are what people look for in a sentence. */
function withStrongTimes(text: string): ComponentChildren {
  // Splitting by a pattern with one group puts what it matched at the odd places.
  return text
    .split(clockTimes)
    .map((part, index) => (index % 2 === 1 ? <strong key={index}>{part}</strong> : part))
}
