import { existsSync } from 'node:fs';
import { aptInstall, canAptInstall, has, run } from './debian.mjs';

/**
 * Which browser tests use: $CHROMIUM_PATH, else Chrome or Chromium of the system, else Playwright's own
 * download (undefined: Playwright finds that itself).
 */
export function chromiumPath() {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return named;
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  return places.find((place) => existsSync(place));
}

/** For a machine without a screen, where nothing but the page may use the network. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Sees to it that there is one: by Debian's package when we may, else by Playwright's download. */
export function ensureBrowser() {
  if (chromiumPath() !== undefined) return;
  if (canAptInstall()) {
    console.log('Installing chromium …');
    aptInstall('chromium');
    if (chromiumPath() !== undefined) return;
  }
  console.log('Downloading a browser for Playwright …');
  run('npx', ['playwright', 'install', '--with-deps', 'chromium']);
}

/** What brings each command that the stories of other browsers need, on Debian. */
const OTHERS = { 'firefox-esr': 'firefox-esr', WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb' };

/** Projects of `e2e/browsers` whose browsers are there, besides Chromium. */
export function otherBrowsers() {
  const webkit = has('WebKitWebDriver') && has('Xvfb');
  return [
    ...(has('firefox-esr') ? ['firefox'] : []),
    ...(webkit ? ['webkit with shared memory', 'webkit without shared memory'] : []),
  ];
}

/** Sees to it that Firefox and WebKit are there too. Throws where they are not and cannot be installed. */
export function ensureOtherBrowsers() {
  const missing = Object.keys(OTHERS).filter((command) => !has(command));
  if (missing.length === 0) return;
  const packages = missing.map((command) => OTHERS[command]);
  if (!canAptInstall())
    throw new Error(`These stories need Debian's ${packages.join(', ')}. Install them, then try again.`);
  console.log(`Installing ${packages.join(', ')} …`);
  aptInstall(...packages);
}
