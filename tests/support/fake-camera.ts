import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'uqr'

/** Chromium's own stand-in for a camera: it plays a file. Y4M, because that is nothing but the dots. */
export interface FakeCamera extends AsyncDisposable {
  /** For the browser; with them nobody is asked for permission. */
  readonly args: readonly string[]
}

const WIDTH = 640
const HEIGHT = 480
const [BLACK, GREY, WHITE] = [16, 128, 235]

/** A camera before which somebody holds a QR code with these bytes, or nobody holds anything. */
export async function fakeCamera(code?: Uint8Array): Promise<FakeCamera> {
  const folder = await mkdtemp(join(tmpdir(), 'hall-kiosk-camera-'))
  const file = join(folder, 'camera.y4m')
  const frame = Buffer.concat([
    Buffer.from('FRAME\n'),
    brightness(code),
    Buffer.alloc((WIDTH * HEIGHT) / 2, GREY),
  ])
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`)
  await writeFile(file, Buffer.concat([head, frame, frame]))
  return {
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${file}`,
    ],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

function brightness(code: Uint8Array | undefined): Buffer {
  const picture = Buffer.alloc(WIDTH * HEIGHT, GREY)
  if (!code) return picture
  const rows = encode([...code], { border: 4 }).data
  const cell = Math.floor((HEIGHT * 0.75) / rows.length)
  const [left, top] = [WIDTH, HEIGHT].map((size) => Math.floor((size - cell * rows.length) / 2))
  for (const [y, row] of rows.entries())
    for (const [x, dark] of row.entries())
      for (let line = 0; line < cell; line++) {
        const start = ((top ?? 0) + y * cell + line) * WIDTH + (left ?? 0) + x * cell
        picture.fill(dark ? BLACK : WHITE, start, start + cell)
      }
  return picture
}
