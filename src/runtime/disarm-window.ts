/**
 * What a window can do and the runtime does not need: reach others past the policy (WebRTC), open windows, take the
 * focus, make a frame whose window would have all of this again. Workers start, ports and messages work; that is all
 * that the frame's main thread is for. The policy and the sandbox are the walls before this one.
 */
export function disarmWindow(): void {
  for (const name of Object.getOwnPropertyNames(globalThis))
    if (POWERS.test(name)) Reflect.deleteProperty(globalThis, name);
  for (const name of ['sendBeacon', 'serviceWorker', 'mediaDevices', 'locks', 'credentials', 'clipboard'])
    Reflect.deleteProperty(Navigator.prototype, name);
  document.documentElement.remove();
  for (const kind of nodeKinds()) {
    for (const key of Reflect.ownKeys(kind.prototype)) {
      if (key !== 'constructor') Reflect.deleteProperty(kind.prototype, key);
    }
  }
}

const POWERS =
  /RTC|^Web(Transport|Socket)|^(EventSource|XMLHttpRequest|XSLTProcessor|DOMParser|SharedWorker|BroadcastChannel)$|^(fetch|fetchLater|open|focus|print|alert|confirm|prompt|moveTo|moveBy|resizeTo|resizeBy|navigation|customElements|trustedTypes)$|^(Notification|PaymentRequest|PresentationRequest|SpeechRecognition|webkitSpeechRecognition|speechSynthesis|documentPictureInPicture|launchQueue|cookieStore|caches|indexedDB)$/;

/** Without their methods no node gets into the document. */
function nodeKinds(): { readonly prototype: object }[] {
  const kinds = Object.getOwnPropertyNames(globalThis).map(
    (name): unknown => Object.getOwnPropertyDescriptor(globalThis, name)?.value,
  );
  const inserting: readonly unknown[] = [Node, Range, DOMImplementation];
  return kinds.filter(
    (kind): kind is { readonly prototype: object } =>
      typeof kind === 'function' &&
      (inserting.includes(kind) || (kind as { readonly prototype?: unknown }).prototype instanceof Node),
  );
}
