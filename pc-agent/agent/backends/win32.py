"""ctypes declarations of the Windows calls that the agent makes, each with its Microsoft page; nothing else."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from typing import TYPE_CHECKING

from agent.errors import Unsupported

if TYPE_CHECKING:
    from agent.backends.windows import Win32

EWX_LOGOFF = 0x0
EWX_FORCE = 0x4
SHTDN_REASON_FLAG_PLANNED = 0x80000000
ES_SYSTEM_REQUIRED = 0x1
ES_DISPLAY_REQUIRED = 0x2
ES_CONTINUOUS = 0x80000000


class LastInputInfo(ctypes.Structure):
    """https://learn.microsoft.com/windows/win32/api/winuser/ns-winuser-lastinputinfo"""

    _fields_ = [("cbSize", wintypes.UINT), ("dwTime", wintypes.DWORD)]


def load() -> Win32:
    """The calls, bound to this Windows. Raises Unsupported elsewhere."""
    if sys.platform == "win32":
        return _Bound()
    else:  # noqa: RET505 - the type checker reads only this platform's branch
        raise Unsupported("The backend `windows` runs on Windows only. Use --backend linux or --backend simulated.")


if sys.platform == "win32":

    class _Bound:
        def __init__(self) -> None:
            self._user32 = ctypes.WinDLL("user32", use_last_error=True)
            self._kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
            self._advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)
            self._user32.ExitWindowsEx.argtypes = [wintypes.UINT, wintypes.DWORD]
            self._user32.GetLastInputInfo.argtypes = [ctypes.POINTER(LastInputInfo)]
            self._kernel32.SetThreadExecutionState.argtypes = [wintypes.DWORD]
            self._kernel32.SetThreadExecutionState.restype = wintypes.DWORD
            self._kernel32.GetTickCount.restype = wintypes.DWORD
            self._advapi32.GetUserNameW.argtypes = [wintypes.LPWSTR, wintypes.LPDWORD]

        def lock_work_station(self) -> bool:
            """https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-lockworkstation"""
            return bool(self._user32.LockWorkStation())

        def log_off(self) -> bool:
            """https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-exitwindowsex"""
            return bool(self._user32.ExitWindowsEx(EWX_LOGOFF | EWX_FORCE, SHTDN_REASON_FLAG_PLANNED))

        def set_execution_state(self, *, awake: bool) -> bool:
            """https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-setthreadexecutionstate"""
            wanted = ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED if awake else 0
            return bool(self._kernel32.SetThreadExecutionState(ES_CONTINUOUS | wanted))

        def idle_milliseconds(self) -> int | None:
            """https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getlastinputinfo"""
            info = LastInputInfo(ctypes.sizeof(LastInputInfo), 0)
            if not self._user32.GetLastInputInfo(ctypes.byref(info)):
                return None
            return int((self._kernel32.GetTickCount() - info.dwTime) & 0xFFFFFFFF)

        def user_name(self) -> str | None:
            """https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getusernamew"""
            size = wintypes.DWORD(257)
            buffer = ctypes.create_unicode_buffer(size.value)
            return buffer.value if self._advapi32.GetUserNameW(buffer, ctypes.byref(size)) else None

        def last_error(self) -> int:
            """https://learn.microsoft.com/windows/win32/api/errhandlingapi/nf-errhandlingapi-getlasterror"""
            return ctypes.get_last_error()
