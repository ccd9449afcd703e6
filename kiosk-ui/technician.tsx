import './fonts-hans.ts'
import './tokens.css'
import './base.css'
import { effect } from '@preact/signals'
import { render } from 'preact'
import { openKeyboardOnTouch } from './components/technician/keyboard.tsx'
import { pixelsPerMillimetre } from './panel.ts'
import { ConsoleApp } from './screens/technician/console.tsx'
import { language, startConsole } from './technician-state.ts'

const root = document.documentElement
const mm = pixelsPerMillimetre(location.search, window.screen)
if (mm) root.style.setProperty('--panel-mm', `${mm.toFixed(4)}px`)

effect(() => {
  root.lang = language.value
})

openKeyboardOnTouch()
startConsole()
const page = document.getElementById('console')
if (page) render(<ConsoleApp />, page)

void import('./fonts-hant.ts')
