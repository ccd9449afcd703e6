import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import type { SessionView } from '../../kiosk-agent/api/contract.ts'
import type { CameraProps } from './camera-props.ts'

/** Id of the session whose visitor wants to show the code to the camera. */
const wantedBy = signal<string | null>(null)
const view = signal<ComponentType<CameraProps> | null>(null)

/** The camera and its reader are fetched when somebody wants them. */
export function wantCamera(sessionId: string): void {
  wantedBy.value = sessionId
  // Where they cannot be fetched the agent is away, and the page says so.
  import('./camera-view.tsx').then((loaded) => {
    view.value = loaded.CameraView
  }, putCameraAway)
}

export function putCameraAway(): void {
  wantedBy.value = null
}

/** What to show in place of the next step; null while nobody of this session wants the camera. */
export function cameraViewFor({ id }: SessionView): ComponentType<CameraProps> | null {
  return wantedBy.value === id ? view.value : null
}
