// What the page can't do without a script: copy, the Esc key, sending a form once, and forgetting the
// secret as soon as it is left. Nothing here talks to anyone.
'use strict';

(() => {
  const dialog = document.querySelector('[role="dialog"]');
  const secret = document.getElementById('secret');
  const copy = document.getElementById('copy');

  /** A query without what should not outlast this moment. */
  const settled = (query) => {
    const kept = new URLSearchParams(query);
    for (const name of ['done', 'key', 'sig']) kept.delete(name);
    const text = kept.toString();
    return text ? '?' + text : location.pathname;
  };

  const forget = () => {
    if (secret) secret.textContent = '';
    if (copy) copy.hidden = true;
  };

  const say = (text, failed) => {
    const said = document.getElementById('copy-said');
    said.classList.toggle('failed', failed);
    said.textContent = text;
  };

  const select = () => {
    const range = document.createRange();
    range.selectNodeContents(secret);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  const copySecret = async () => {
    try {
      await navigator.clipboard.writeText(secret.textContent);
      say(copy.dataset.copied, false);
    } catch {
      select();
      const copied = document.execCommand('copy');
      say(copied ? copy.dataset.copied : copy.dataset.failed, !copied);
    }
  };

  if (secret) {
    // From here on a reload shows the list, and asks for nothing to be sent again.
    history.replaceState(null, '', settled(document.querySelector('.secret').dataset.list));
    copy.hidden = false;
    copy.addEventListener('click', copySecret);
    addEventListener('pagehide', forget);
    addEventListener('pageshow', (event) => {
      if (event.persisted) location.reload();
    });
  } else if (new URLSearchParams(location.search).has('sig')) {
    history.replaceState(null, '', settled(location.search) + location.hash);
  }

  if (dialog) {
    if (!dialog.querySelector('[autofocus]')) (secret ? copy : dialog).focus();
    document.addEventListener('keydown', (event) => {
      // A secret is put away by its button alone, not by a key that slipped.
      if (event.key === 'Escape' && !secret && !event.isComposing) {
        location.assign(dialog.dataset.close);
      }
    });
  }

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post') return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });

  // Back from where a form led: it may be sent again.
  addEventListener('pageshow', () => {
    for (const form of document.forms) delete form.dataset.sent;
  });

  for (const field of document.querySelectorAll('[data-submit]')) {
    field.addEventListener('change', () => field.form.requestSubmit());
  }
})();
