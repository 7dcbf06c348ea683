"""Pages of a development site only, at /dev/..."""

urlpatterns = []
