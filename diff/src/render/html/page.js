'use strict';
(() => {
  const form = document.querySelector('.filters');
  if (!form) return;
  const changes = [...document.querySelectorAll('.change')];
  const sections = [...document.querySelectorAll('section.venue')];
  const apply = () => {
    const values = new FormData(form);
    const levels = values.getAll('level');
    const axis = values.get('axis');
    const venue = values.get('venue');
    const words = values.get('text').toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const change of changes) {
      const level = change.dataset[axis || 'level'];
      change.hidden = !levels.includes(level)
        || change.hasAttribute('data-accepted') && !values.has('accepted')
        || !words.every((word) => change.dataset.text.includes(word));
      if (!change.hidden && (!venue || change.parentElement.dataset.venue === venue)) shown += 1;
    }
    for (const section of sections) {
      section.hidden = Boolean(venue) && section.dataset.venue !== venue;
    }
    form.querySelector('output').textContent = `${shown} of ${changes.length} shown`;
  };
  const keep = () => {
    const values = new URLSearchParams();
    const levels = [...form.querySelectorAll('[name=level]')];
    if (!levels.every((box) => box.checked)) {
      values.set('level', levels.filter((box) => box.checked).map((box) => box.value).join(','));
    }
    for (const name of ['axis', 'venue', 'text']) {
      if (form.elements[name].value) values.set(name, form.elements[name].value);
    }
    if (!form.elements.accepted.checked) values.set('accepted', 'no');
    history.replaceState(null, '', `#${values}`);
  };
  const restore = () => {
    const fragment = location.hash.slice(1);
    if (!fragment.includes('=')) return;
    const values = new URLSearchParams(fragment);
    for (const box of form.querySelectorAll('[name=level]')) {
      box.checked = !values.has('level') || values.get('level').split(',').includes(box.value);
    }
    for (const name of ['axis', 'venue', 'text']) form.elements[name].value = values.get(name) || '';
    form.elements.accepted.checked = values.get('accepted') !== 'no';
  };
  form.hidden = false;
  form.addEventListener('input', () => { apply(); keep(); });
  form.addEventListener('submit', (event) => event.preventDefault());
  window.addEventListener('hashchange', () => { restore(); apply(); });
  restore();
  apply();
})();
