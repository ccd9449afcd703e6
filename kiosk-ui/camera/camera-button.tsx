import { Icon } from '../components/icon.tsx'
import type { Locale } from '../i18n/locale.ts'
import { wantCamera } from './camera-choice.ts'

interface CameraButtonProps {
  readonly sessionId: string
  readonly locale: Locale
  readonly look: 'primary' | 'plain' | 'on-blue'
}

/** Opens the camera. Nothing is asked of the agent yet. */
export function CameraButton({ sessionId, locale, look }: CameraButtonProps) {
  return (
    <button type="button" class={`button button-${look}`} onClick={() => wantCamera(sessionId)}>
      <Icon name="camera" />
      <span>{locale.messages.camera.open}</span>
    </button>
  )
}
