import { describe, expect, test } from 'vitest';
import { trustedSender } from './ipcSender.ts';
import { contentProtected, SESSION_PARTITION, WINDOW_TITLE, webPreferences } from './window.ts';

describe('E01 renderer', () => {
  const preferences = webPreferences({ packaged: true, preload: '/app/preload.cjs' });

  test('is sandboxed, isolated and without Node in every kind of frame and worker', () => {
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      plugins: false,
      spellcheck: false,
    });
  });

  test('has developer tools only unpackaged', () => {
    expect(preferences.devTools).toBe(false);
    expect(webPreferences({ packaged: false, preload: '/x' }).devTools).toBe(true);
  });

  test('keeps its session in memory', () => {
    expect(preferences.partition).toBe(SESSION_PARTITION);
    expect(SESSION_PARTITION.startsWith('persist:')).toBe(false);
    expect(SESSION_PARTITION).not.toBe('');
  });
});

describe('E13 screen', () => {
  test('is protected from capture once packaged, under a title that says nothing', () => {
    expect(contentProtected({ packaged: true })).toBe(true);
    expect(WINDOW_TITLE).toBe('TMA Workstation');
  });
});

describe('E09 sender', () => {
  const parent = null;

  test('is the main frame of our own page', () => {
    expect(trustedSender({ url: 'app://tma/cases', parent })).toBe(true);
  });

  test.each(['app://evil/', 'https://tma/', 'file:///tma', 'about:blank', '', 'app://tma:1/', 'null'])(
    'is never %s',
    (url) => {
      expect(trustedSender({ url, parent })).toBe(false);
    },
  );

  test('is never an embedded frame, nor one that is gone', () => {
    expect(trustedSender({ url: 'app://tma/', parent: {} })).toBe(false);
    expect(trustedSender(null)).toBe(false);
    expect(trustedSender(undefined)).toBe(false);
  });
});
