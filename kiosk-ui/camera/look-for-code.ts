/** `no-code`: the time was over. `missing`: no camera, or it cannot be used. */
export type CameraState = 'starting' | 'looking' | 'no-code' | 'denied' | 'missing'

const LOOK_FOR_MS = 30_000
const ASK_FOR_MS = 10_000
const PAUSE_MS = 100
/** Wide enough for a dense code on a phone, small enough for a slow machine. */
const PICTURE_WIDTH = 960

interface Look {
  /** The visitor went away, or does not want it any more. */
  readonly signal: AbortSignal
  onState(state: CameraState): void
}

/**
 * Shows the camera on a video element and looks for a QR code: its bytes, or undefined when there was none. The camera is off
 * again when this returns, however it ends. Pictures stay in the page and its worker and are kept nowhere.
 */
export async function lookForCode(video: HTMLVideoElement, look: Look): Promise<Uint8Array | undefined> {
  look.onState('starting')
  const camera = await openCamera(look)
  if (!camera) return undefined
  const worker = new Worker(new URL('./code-reader.worker.ts', import.meta.url), { type: 'module' })
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), LOOK_FOR_MS)
  const time = AbortSignal.any([look.signal, limit.signal])
  try {
    video.srcObject = camera
    await video.play()
    look.onState('looking')
    while (!time.aborted) {
      if (camera.getTracks().some(({ readyState }) => readyState === 'ended')) throw new Error('unplugged')
      const bytes = await readPicture(worker, pictureOf(video), time)
      if (bytes) return look.signal.aborted ? undefined : bytes
      await new Promise((resume) => setTimeout(resume, PAUSE_MS))
    }
    if (!look.signal.aborted) look.onState('no-code')
  } catch {
    if (!look.signal.aborted) look.onState(time.aborted ? 'no-code' : 'missing')
  } finally {
    clearTimeout(timer)
    worker.terminate()
    close(camera)
    video.srcObject = null
  }
  return undefined
}

/** A browser that asks for permission, and nobody who answers, is as good as a refusal. */
async function openCamera({ signal, onState }: Look): Promise<MediaStream | undefined> {
  let over = false
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    const asked = askForCamera().then((camera) => {
      if (!over && !signal.aborted) return camera
      close(camera)
      return undefined
    })
    const unanswered = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DOMException('nobody answered', 'NotAllowedError')), ASK_FOR_MS)
    })
    return await Promise.race([asked, unanswered])
  } catch (error) {
    const denied = error instanceof DOMException && error.name === 'NotAllowedError'
    if (!signal.aborted) onState(denied ? 'denied' : 'missing')
    return undefined
  } finally {
    over = true
    clearTimeout(timer)
  }
}

/** Rejects as well where the browser has no mediaDevices at all, because the origin is not secure. */
async function askForCamera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'user', width: { ideal: 1280 }, height: { ideal: 720 } },
    audio: false,
  })
}

function close(camera: MediaStream): void {
  for (const track of camera.getTracks()) track.stop()
}

const canvas = document.createElement('canvas')

function pictureOf(video: HTMLVideoElement): ImageData {
  const scale = Math.min(1, PICTURE_WIDTH / video.videoWidth)
  canvas.width = Math.max(1, Math.round(video.videoWidth * scale))
  canvas.height = Math.max(1, Math.round(video.videoHeight * scale))
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('no canvas')
  context.drawImage(video, 0, 0, canvas.width, canvas.height)
  const picture = context.getImageData(0, 0, canvas.width, canvas.height)
  context.clearRect(0, 0, canvas.width, canvas.height)
  return picture
}

function readPicture(worker: Worker, picture: ImageData, time: AbortSignal): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('over'))
    time.addEventListener('abort', stop, { once: true })
    worker.onmessage = ({ data }) => {
      time.removeEventListener('abort', stop)
      resolve(data)
    }
    worker.onerror = () => reject(new Error('the reader of codes did not start'))
    worker.postMessage(picture)
  })
}
