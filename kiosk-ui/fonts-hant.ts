import '@fontsource-variable/noto-sans-hk/index.css'
