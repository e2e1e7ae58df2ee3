"""The one settings file. Everything an authority may set comes from the environment.

See ``docs/reference/settings.md``. Importing this module writes nothing to disk.
"""

from __future__ import annotations

import os

from django.contrib.messages import constants as message_levels
from django.utils.functional import SimpleLazyObject

from redway.core.home import find_home
from redway.web import environment
from redway.web.rooms import installed_rooms

REDWAY_HOME = find_home()
PRODUCTION = os.environ.get("REDWAY_ENV", "development") == "production"

# Never on: no stack trace and no setting reaches a page. Errors go to the log.
DEBUG = False
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "" if PRODUCTION else environment.local_hosts())
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

# Made on first use and not on import, so that a look at the settings leaves no trace.
SECRET_KEY = SimpleLazyObject(lambda: environment.read_or_make_secret_key(REDWAY_HOME.secret_key))

INSTALLED_APPS = [
    # The rooms come first so that their templates stand before those of libraries.
    *installed_rooms(),
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "redway.web.security.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "redway.web.api.middleware.ProblemsForPrograms",
    "redway.web.people.middleware.TokenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "redway.web.people.middleware.PermissionMiddleware",
    "redway.web.people.middleware.SecondFactorMiddleware",
    "redway.web.security.BodySizeMiddleware",
    # After the doors: reading the body of a request is not done for strangers.
    "django.middleware.csrf.CsrfViewMiddleware",
]

ROOT_URLCONF = "redway.web.urls"
WSGI_APPLICATION = "redway.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
FORM_RENDERER = "redway.web.design.renderer.GovukRenderer"
MESSAGE_TAGS = {message_levels.ERROR: "error"}

DATABASES = {"default": environment.database(os.environ.get("DATABASE_URL", ""), REDWAY_HOME.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all server processes, so that rate limits hold for the whole service.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "redway_cache",
        # Far more than Django's 300: a flood of guesses must not push out the counts that slow it down, nor
        # the codes that were used already. What has run out is dropped every hour.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Sign-in (django-allauth) ---------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "redway.web.people.passwords.LengthValidator"},
    {"NAME": "redway.web.people.passwords.OwnDetailsValidator"},
    {"NAME": "redway.web.people.passwords.BreachedValidator"},
]

ACCOUNT_ADAPTER = "redway.web.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "redway.web.people.forms.SignInForm",
    "reauthenticate": "redway.web.people.forms.ConfirmPasswordForm",
    "change_password": "redway.web.people.forms.ChangePasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Guessing of passwords is slowed down by people/throttle.py; these limit the pages themselves and
# ("login_failed") the guessing of second-factor codes. A whole council may come from one address.
ACCOUNT_RATE_LIMITS = {"login": "200/m/ip", "login_failed": "10/5m/key", "reauthenticate": "20/m/user"}

MFA_ADAPTER = "redway.web.people.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "redway.web.people.forms.SecondFactorForm",
    "reauthenticate": "redway.web.people.forms.ConfirmSecondFactorForm",
    "activate_totp": "redway.web.people.forms.ActivateSecondFactorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Redway"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
REDWAY_SECOND_FACTOR_ROLES = environment.words(
    "REDWAY_SECOND_FACTOR_ROLES", "administrator,lado,deputy_lado" if PRODUCTION else ""
)

SOCIALACCOUNT_ADAPTER = "redway.web.people.adapter.CouncilSignInAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = environment.openid_connect()
REDWAY_OPENID_CONNECT = bool(SOCIALACCOUNT_PROVIDERS)

# --- Sessions and cookies -------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "redway_session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "redway_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION

# --- Headers and transport ------------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION and environment.switch("REDWAY_HTTPS_REDIRECT", True)
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("REDWAY_PROXIES", 0)
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Bodies of requests ---------------------------------------------------------------------------
REDWAY_LARGEST_UPLOAD = environment.number("REDWAY_LARGEST_UPLOAD_MB", 2048) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Language and time: kept in UTC, shown in English time ----------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# --- Audit ----------------------------------------------------------------------------------------
REDWAY_AUDIT_CHECKPOINT = os.environ.get("REDWAY_AUDIT_CHECKPOINT", "")

# Descriptions of tables and columns are for PostgreSQL and the data dictionary; SQLite keeps none.
SILENCED_SYSTEM_CHECKS = ["fields.W163", "models.W046"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "redway.web.security.NamelessFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"redway": {"level": "INFO"}},
}
