from django.urls import URLPattern

public_urls: list[URLPattern] = []
portal_urls: list[URLPattern] = []
desk_urls: list[URLPattern] = []
