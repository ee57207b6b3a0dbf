"""The one settings file. The environment decides; `core.env` reads it with types; `docs/settings.md` lists them all."""

from hashlib import blake2b
from pathlib import Path

from parley.core.databases import postgresql, sqlite
from parley.core.env import (
    data_dir,
    env_address,
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_networks,
    env_path,
    env_str,
)
from parley.core.log import log_config
from parley.core.secret import instance_secret

REPOSITORY = Path(__file__).resolve().parents[2]

# --- Where things are -------------------------------------------------------------------------------------------------
DATA_DIR = data_dir()
FRONTEND_DIR = env_path("PARLEY_FRONTEND", REPOSITORY / "frontend" / "dist")
HANDBOOK_DIR = env_path("PARLEY_HANDBOOK", REPOSITORY / "docs" / "handbook")
SECRET_KEY = env_str("PARLEY_SECRET") or instance_secret(DATA_DIR)

# --- Who may call -----------------------------------------------------------------------------------------------------
DEBUG = False
ALLOWED_HOSTS = env_list("PARLEY_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = env_list("PARLEY_ORIGINS")
HTTPS = env_bool("PARLEY_HTTPS", default=False)
TRUSTED_PROXIES = env_networks("PARLEY_TRUSTED_PROXIES", ("127.0.0.1",) if HTTPS else ())

# --- What it does -----------------------------------------------------------------------------------------------------
TITLES = env_bool("PARLEY_TITLES", default=True)
MAX_STREAMS = env_int("PARLEY_MAX_STREAMS", 1000, least=1)
MESSAGE_LIMIT_BYTES = env_int("PARLEY_MESSAGE_LIMIT_BYTES", 256 * 1024, least=1024)
SOCKETS_PER_PERSON = env_int("PARLEY_SOCKETS_PER_PERSON", 50, least=1)
SOCKET_COMMANDS_PER_MINUTE = env_int("PARLEY_SOCKET_COMMANDS_PER_MINUTE", 600, least=1)
SHUTDOWN_GRACE_S = env_int("PARLEY_SHUTDOWN_GRACE_S", 10)
FILE_LIMIT_BYTES = env_int("PARLEY_FILE_LIMIT_BYTES", 32 * 1024 * 1024, least=1024)
IMPORT_LIMIT_BYTES = env_int("PARLEY_IMPORT_LIMIT_BYTES", 1024**3, least=1024)
FILES_PER_PERSON_BYTES = env_int("PARLEY_FILES_PER_PERSON_BYTES", 10 * 1024**3, least=1024)
CONVERSATIONS_KEPT_DAYS = env_int("PARLEY_CONVERSATIONS_KEPT_DAYS", 0)
ARCHIVES = env_bool("PARLEY_ARCHIVES", default=False)
ARCHIVES_KEPT_DAYS = env_int("PARLEY_ARCHIVES_KEPT_DAYS", 0)
FILES_KEPT_DAYS = env_int("PARLEY_FILES_KEPT_DAYS", 0)
USAGE_KEPT_DAYS = env_int("PARLEY_USAGE_KEPT_DAYS", 400)
RECEIPTS_KEPT_DAYS = env_int("PARLEY_RECEIPTS_KEPT_DAYS", 90, least=1)
TAPE_KEPT_HOURS = env_int("PARLEY_TAPE_KEPT_HOURS", 24, least=1)
BODY_LIMIT_BYTES = 8 * MESSAGE_LIMIT_BYTES  # JSON may write one byte of text as six, and /v1 sends a whole conversation
NO_NETWORK = env_bool("PARLEY_NO_NETWORK", default=False)
LOG_LEVEL = env_choice("PARLEY_LOG_LEVEL", "info", ("debug", "info", "warning", "error"))

# --- How it is watched ------------------------------------------------------------------------------------------------
METRICS = env_address("PARLEY_METRICS")  # where this machine's processes answer Prometheus and probes; None: nowhere
DRAIN_S = env_int("PARLEY_DRAIN_S", 0)
TRACES = env_str("PARLEY_TRACES")
TRACES_ONE_IN = env_int("PARLEY_TRACES_ONE_IN", 1, least=1)
TRACED_VENDORS = env_list("PARLEY_TRACED_VENDORS")

# --- Which part of a fleet this process is ----------------------------------------------------------------------------
ROLE = env_choice("PARLEY_ROLE", "all", ("all", "web", "worker", "beat"))
REDIS_URL = env_str("PARLEY_REDIS_URL")
# Before the names of all that is ours in Redis: two instances that share one must neither hear nor feed each other.
REDIS_PREFIX = f"parley:{blake2b(SECRET_KEY.encode(), digest_size=4, person=b'redis').hexdigest()}:"

# --- Django -----------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "parley.urls"
ASGI_APPLICATION = "parley.asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # addresses are unique, whatever their case: a constraint that it cannot see
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.usersessions",
    "ninja",
    "parley.accounts",
    "parley.files",
    "parley.providers",
    "parley.usage",
    "parley.knowledge",
    "parley.bots",
    "parley.conversations",
    "parley.engine",
    "parley.training",
    "parley.playground",
    "parley.keeping",
]

MIDDLEWARE = [
    "parley.api.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before those of the apps, of which Django's admin comes first: ours dresses it.
        "DIRS": [Path(__file__).parent / "accounts" / "templates"],
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

DATABASE_URL = env_str("PARLEY_DATABASE_URL")
DATABASE_CONNECTIONS = env_int("PARLEY_DATABASE_CONNECTIONS", 12, least=4)
DATABASES = {
    "default": postgresql(
        DATABASE_URL, variable="PARLEY_DATABASE_URL", most_connections=DATABASE_CONNECTIONS, name=f"parley {ROLE}"
    )
    if DATABASE_URL
    else sqlite(DATA_DIR / "parley.sqlite3", test_path=DATA_DIR / "test.sqlite3")
}
REPLICA_URL = env_str("PARLEY_REPLICA_URL") if DATABASE_URL else ""
if REPLICA_URL:
    DATABASES["replica"] = {
        **postgresql(
            REPLICA_URL,
            variable="PARLEY_REPLICA_URL",
            most_connections=DATABASE_CONNECTIONS,
            name=f"parley {ROLE} reads",
            patience_s=0.5,  # the primary is there, too
        ),
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["parley.core.replica.Router"]

# --- What all processes count together: attempts to sign in -----------------------------------------------------------
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "parley.core.shared_cache.SharedCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": REDIS_PREFIX + "cache",
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1, "max_connections": 50},
        }
    }

# --- Sign-in ----------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["parley.accounts.passwords.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "parley.accounts.passwords.NotEndless"},
]
ACCOUNT_ADAPTER = "parley.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # Parley sends no mail yet; so nothing may depend on an address being someone's own
ACCOUNT_EMAIL_NOTIFICATIONS = False
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
LOGIN_REDIRECT_URL = LOGIN_URL = "/"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "parley_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # counted from the sign-in, whatever happens in between
CSRF_FAILURE_VIEW = "parley.api.pages.refuse_foreign"

# --- Transport: with HTTPS on, a browser never speaks plainly to this host again --------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_BYTES

# --- Files: a folder, or a bucket of S3. boto3 finds its keys itself, in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY -----
S3_BUCKET = env_str("PARLEY_S3_BUCKET")
_BUCKET = {"bucket": S3_BUCKET, "endpoint": env_str("PARLEY_S3_ENDPOINT"), "region": env_str("PARLEY_S3_REGION")}
STORAGES = {
    "files": (
        {"BACKEND": "parley.files.bucket.Bucket", "OPTIONS": _BUCKET}
        if S3_BUCKET
        else {"BACKEND": "parley.files.folder.Folder", "OPTIONS": {"location": DATA_DIR / "files"}}
    ),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Static files: Vite names them by their content, so they may be cached for ever -----------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
CDN_URL = env_str("PARLEY_STATIC_URL").rstrip("/")

# --- Logs: to stderr, never with what people said ------------------------------------------------------------------------
LOG_FORMAT = env_choice("PARLEY_LOG_FORMAT", "line", ("line", "json"))
LOGGING = log_config(level=LOG_LEVEL, form="json" if LOG_FORMAT == "json" else "line", part=ROLE, secrets=(SECRET_KEY,))

# --- Celery: a doorbell; every job is a row with a state --------------------------------------------------------------
CELERY_BROKER_URL = env_str("PARLEY_BROKER_URL", REDIS_URL) or "memory://"
if CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "global_keyprefix": REDIS_PREFIX,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,  # longer than a worker's longest blocking read, which lasts a second
        "health_check_interval": 10,
    }
    CELERY_WORKER_DISABLE_PREFETCH = True  # a worker that is full leaves the bells to those that are not
if CELERY_BROKER_URL != "memory://":
    # The schedule stands in the database: one Beat for the whole fleet, and it may be ended and started anywhere.
    INSTALLED_APPS.append("django_celery_beat")
    CELERY_BEAT_SCHEDULER = "parley.beat:Scheduler"
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"engine.write_reply": {"queue": "replies"}, "knowledge.*": {"queue": "documents"}}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # without Redis a worker lives on and looks into SQL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False  # a bell that does not ring now is rung again by a sweep; nobody waits for it
CELERY_ACCEPT_CONTENT = ["json"]
