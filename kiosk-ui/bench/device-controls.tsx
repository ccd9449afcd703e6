import type { Bench, BenchAction, Language } from '../../kiosk-agent/api/contract.ts'
import { BenchGroup, Choice, Tick } from './controls.tsx'
import type { BenchWords } from './words.ts'

interface DeviceControlsProps {
  readonly bench: Bench
  readonly words: BenchWords
  readonly language: Language
  act(action: BenchAction): void
}

/** Everything a person could do at the real devices, one control each. */
export function DeviceControls(props: DeviceControlsProps) {
  return (
    <>
      <Evidence {...props} />
      <Around {...props} />
      <Machines {...props} />
    </>
  )
}

const someTemperatures = [3550, 3650, 3700, 3730, 3850]

function Evidence({ bench, words, language, act }: DeviceControlsProps) {
  return (
    <>
      <BenchGroup title={words.card}>
        <div class="bench-list">
          {bench.persons.map(({ id, label, note }) => (
            <button
              key={id}
              type="button"
              aria-pressed={bench.card === id}
              onClick={() => act({ type: 'lay-card', person: id })}
            >
              <strong>{label}</strong> <span>{note[language]}</span>
            </button>
          ))}
        </div>
        <button type="button" disabled={bench.card === null} onClick={() => act({ type: 'take-card' })}>
          {words.takeCard}
        </button>
      </BenchGroup>
      <BenchGroup title={words.code}>
        <div class="bench-row">
          {bench.codes.map(({ code, label }) => (
            <button key={code} type="button" onClick={() => act({ type: 'show-code', code })}>
              {label[language]}
            </button>
          ))}
        </div>
      </BenchGroup>
      <BenchGroup title={words.temperature}>
        <div class="bench-row">
          {someTemperatures.map((centiCelsius) => (
            <button
              key={centiCelsius}
              type="button"
              aria-pressed={bench.centiCelsius === centiCelsius}
              onClick={() => act({ type: 'set-temperature', centiCelsius })}
            >
              {(centiCelsius / 100).toFixed(1)}
            </button>
          ))}
          <input
            type="number"
            aria-label={words.temperature}
            min="0"
            max="60"
            step="0.01"
            value={bench.centiCelsius === null ? '' : bench.centiCelsius / 100}
            onChange={({ currentTarget }) => {
              const centiCelsius = Math.round(currentTarget.valueAsNumber * 100)
              if (centiCelsius >= 0 && centiCelsius <= 6000) act({ type: 'set-temperature', centiCelsius })
            }}
          />
          <button
            type="button"
            aria-pressed={bench.centiCelsius === null}
            onClick={() => act({ type: 'nobody-at-thermometer' })}
          >
            {words.nobody}
          </button>
        </div>
      </BenchGroup>
    </>
  )
}

function Around({ bench: { around }, words, act }: DeviceControlsProps) {
  if (!around) return null
  return (
    <BenchGroup title={words.around}>
      <ul class="bench-lights">
        {around.lights.map(({ device, lit }) => (
          <li key={device} class={lit ? 'bench-lit' : undefined}>
            {words.lights[device]}
            <span class="unseen"> {lit ? words.lit : words.dark}</span>
          </li>
        ))}
      </ul>
      <div class="bench-row">
        <Tick
          label={words.standHere}
          on={around.present}
          onChange={(present) => act({ type: 'stand-here', present })}
        />
        <Tick
          label={words.kioskDoor}
          on={around.kioskOpen}
          onChange={(open) => act({ type: 'kiosk-door', open })}
        />
        <button type="button" onClick={() => act({ type: 'call-button' })}>
          {words.callButton}
        </button>
      </div>
    </BenchGroup>
  )
}

function Machines({ bench, words, act }: DeviceControlsProps) {
  return (
    <>
      <BenchGroup title={`${words.gate} · ${words.pulses(bench.pulses)}`}>
        <div class="bench-row">
          <button type="button" onClick={() => act({ type: 'walk-through' })}>
            {words.walk}
          </button>
          <Tick
            label={words.block}
            on={bench.gateBlocked}
            onChange={(blocked) => act({ type: 'block-gate', blocked })}
          />
          <Tick label={words.fire} on={bench.fire} onChange={(active) => act({ type: 'fire', active })} />
        </div>
      </BenchGroup>
      <BenchGroup title={words.printer}>
        <Choice
          labels={words.paper}
          chosen={bench.paper}
          onChoose={(paper) => act({ type: 'paper', paper })}
        />
        <Tick label={words.cover} on={bench.coverOpen} onChange={(open) => act({ type: 'cover', open })} />
      </BenchGroup>
      <BenchGroup title={words.gateway}>
        <Choice
          labels={words.gateways}
          chosen={bench.gateway}
          onChoose={(state) => act({ type: 'gateway', state })}
        />
      </BenchGroup>
      <BenchGroup title={words.hall}>
        <Tick label={words.fill} on={bench.hallFull} onChange={(full) => act({ type: 'fill-hall', full })} />
      </BenchGroup>
      <BenchGroup title={words.cables}>
        {bench.devices.map(({ id, kind, plugged }) => (
          <Tick
            key={id}
            label={id === kind ? id : `${id} (${kind})`}
            on={plugged}
            onChange={(next) => act({ type: 'cable', device: id, plugged: next })}
          />
        ))}
      </BenchGroup>
    </>
  )
}
