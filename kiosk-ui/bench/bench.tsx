import './bench.css'
import { signal } from '@preact/signals'
import type {
  BenchAction,
  BenchPreset,
  Bench as BenchState,
  Language,
} from '../../kiosk-agent/api/contract.ts'
import { followBench, sendBenchAction } from '../agent-client.ts'
import { BenchGroup } from './controls.tsx'
import { DeviceControls } from './device-controls.tsx'
import { SlipReel } from './slip-reel.tsx'
import { type BenchWords, benchWords } from './words.ts'

const state = signal<BenchState | null>(null)
const open = signal(matchMedia('(min-aspect-ratio: 1/1)').matches)
const failed = signal(false)

// Followed once, from the moment this file is loaded for as long as the page lives.
followBench((bench) => {
  state.value = bench
})

async function act(action: BenchAction): Promise<void> {
  failed.value = (await sendBenchAction(action)) !== 'done'
}

/** The simulated devices of this terminal: one button a visitor story, every action singly, and the slips. */
export function Bench({ locale: { language } }: { readonly locale: { readonly language: Language } }) {
  const words = benchWords[language]
  if (!open.value)
    return (
      <button type="button" class="bench-handle" aria-expanded={false} onClick={() => setOpen(true)}>
        {words.show}
      </button>
    )
  return (
    <aside class="bench" aria-label={words.title}>
      <div class="bench-head">
        <div>
          <h2>{language === 'en' ? words.title : `${words.title} · Simulated devices`}</h2>
          <p>{words.hint}</p>
        </div>
        <button type="button" aria-expanded={true} onClick={() => setOpen(false)}>
          {words.hide}
        </button>
      </div>
      {failed.value && (
        <p class="bench-failed" role="alert">
          {words.failed}
        </p>
      )}
      <Stories words={words} />
      {state.value && <SlipReel bench={state.value} words={words} language={language} act={press} />}
      {state.value && <DeviceControls bench={state.value} words={words} language={language} act={press} />}
    </aside>
  )
}

function setOpen(next: boolean) {
  open.value = next
}

function press(action: BenchAction): void {
  void act(action)
}

function Stories({ words }: { readonly words: BenchWords }) {
  const presets = Object.keys(words.presets) as BenchPreset[]
  return (
    <BenchGroup title={words.stories}>
      <div class="bench-stories">
        {presets.map((preset) => (
          <button key={preset} type="button" onClick={() => press({ type: 'preset', preset })}>
            {words.presets[preset]}
          </button>
        ))}
      </div>
      <button type="button" class="bench-reset" onClick={() => press({ type: 'reset' })}>
        {words.reset}
      </button>
    </BenchGroup>
  )
}
