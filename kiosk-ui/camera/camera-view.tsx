import './camera-view.css'
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Panel } from '../components/panel.tsx'
import type { CameraProps } from './camera-props.ts'
import { type CameraState, lookForCode } from './look-for-code.ts'

const state = signal<CameraState>('starting')
const tries = signal(0)

function tryAgain() {
  state.value = 'starting'
  tries.value++
}

/** The code is shown to the camera instead of the scanner. The camera is on only while this is on the screen. */
export function CameraView({ session, locale, actions, putAway }: CameraProps) {
  const words = locale.messages.camera
  const video = useRef<HTMLVideoElement>(null)
  const about = session.id
  const round = tries.value

  useEffect(() => {
    const leaving = new AbortController()
    const onState = (next: CameraState) => {
      state.value = next
    }
    if (video.current)
      void lookForCode(video.current, { signal: leaving.signal, onState }).then((bytes) => {
        if (!bytes) return
        actions.send({ type: 'code-by-camera', about, bytes: btoa(String.fromCharCode(...bytes)) })
        putAway()
      })
    return () => {
      leaving.abort()
      // The next one begins with the camera off.
      state.value = 'starting'
    }
  }, [about, round])

  const on = state.value === 'starting' || state.value === 'looking'
  const look = on ? 'on-blue' : 'plain'
  return (
    <Panel
      tone={on ? 'blue' : 'amber'}
      icon={on ? undefined : 'camera'}
      saying={words[state.value]}
      picture={
        on && (
          <div class="camera">
            <video ref={video} muted playsInline aria-label={words.picture} />
            <span class="camera-frame" />
          </div>
        )
      }
    >
      <p class="unseen" role="status">
        {words[state.value].title}
      </p>
      {!on && (
        <button type="button" class="button button-primary" onClick={tryAgain}>
          <span>{words.again}</span>
        </button>
      )}
      <button type="button" class={`button button-${look}`} onClick={putAway}>
        <span>{words.back}</span>
      </button>
      <Button
        intent={{ type: 'no-phone', about }}
        actions={actions}
        label={locale.messages.checklist.noPhone}
        look={look}
      />
    </Panel>
  )
}
