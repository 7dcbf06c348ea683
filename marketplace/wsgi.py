import os

from django.core.wsgi import get_wsgi_application

from web.charset import in_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
application = in_utf8(get_wsgi_application())
