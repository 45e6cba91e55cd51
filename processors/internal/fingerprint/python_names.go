package fingerprint

import "strings"

// pythonModules are the top-level names of Python's standard library that have source files (3.10 to 3.14), lower case.
//
// They are needed only where a path does not say lib/pythonX.Y: on Windows.
var pythonModules = set(strings.Fields(`
__future__ _aix_support _android_support _bootsubprocess _collections_abc _colorize _compat_pickle _compression _ios_support
_markupbase _opcode_metadata _osx_support _py_abc _pydatetime _pydecimal _pyio _pylong _pyrepl _sitebuiltins _strptime
_threading_local _weakrefset abc aifc annotationlib argparse ast asynchat asyncio asyncore base64 bdb binhex bisect bz2 cprofile
calendar cgi cgitb chunk cmd code codecs codeop collections colorsys compileall compression concurrent configparser contextlib
contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings
ensurepip enum filecmp fileinput fnmatch fractions ftplib functools genericpath getopt getpass gettext glob graphlib gzip
hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress json keyword lib2to3 linecache locale
logging lzma mailbox mailcap mimetypes modulefinder multiprocessing netrc nntplib ntpath nturl2path numbers opcode operator
optparse os pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posixpath pprint profile pstats pty py_compile
pyclbr pydoc pydoc_data queue quopri random re reprlib rlcompleter runpy sched secrets selectors shelve shlex shutil signal site
smtpd smtplib sndhdr socket socketserver sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep
struct subprocess sunau symtable sysconfig tabnanny tarfile telnetlib tempfile textwrap threading timeit tkinter token tokenize
tomllib trace traceback tracemalloc tty turtle turtledemo types typing unittest urllib uu uuid venv warnings wave weakref
webbrowser wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zoneinfo
`)...)
