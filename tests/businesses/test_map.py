"""The list of businesses on a map: counted and clustered by the database, within scope, filters applied."""

import json
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse

from partnerships.businesses import maps
from partnerships.businesses.models import Area, AreaShape, Business, Industry, Organization
from tests.factories.accounts import sign_in
from tests.factories.businesses import AreaFactory, BusinessFactory, square

pytestmark = pytest.mark.django_db
MAP, PLACES, BORDERS = (
    "/desk/businesses/map/",
    "/desk/businesses/map/places.json",
    "/desk/businesses/map/borders.json",
)
CITY = "-87.80,41.80,-87.40,42.10"


@pytest.fixture(autouse=True)
def no_borders_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def shops(city):
    """Two in the west, one in the east, one in no district, one without a position."""

    def shop(name, area, lat, lon, **more):
        return BusinessFactory(name=name, area=area, latitude=lat, longitude=lon, **more)

    nails = Industry.objects.get(code="812113")
    return {
        row.name: row
        for row in (
            shop("West Nails", city.west_beat, 41.95, -87.65, industry=nails),
            shop("West Bean", city.west_beat, 41.9502, -87.6502, standing="partner"),
            shop("East Bean", city.east_beat, 41.93, -87.55),
            shop("Far Bean", None, 43.0, -88.0),
            shop("Nowhere", None, None, None),
        )
    }


def names(answer):
    return sorted(each["name"] for place in answer["places"] for each in place["of"])


def counts(page):
    return {str(each.area): each.count for each, _url in page.context["areas"]}


class TestTheTable:
    def test_counts_the_list_by_district(self, as_user, supervisor, shops):
        page = as_user(supervisor).get(MAP)
        assert counts(page) == {"District 19": 2, "District 20": 1, "None": 2}
        assert page.context["count"] == 5
        assert "In no district" in page.content.decode()

    def test_an_officer_counts_what_the_list_shows(self, as_user, officer, shops):
        client = as_user(officer)
        page = client.get(MAP)
        assert counts(page) == {"District 19": 2, "None": 2}
        assert {row.name for row in client.get(reverse("desk:businesses")).context["list"].rows} == {
            "West Nails", "West Bean", "Far Bean", "Nowhere",
        }  # fmt: skip

    def test_within_a_district_its_beats_are_counted(self, as_user, supervisor, shops):
        assert counts(as_user(supervisor).get(f"{MAP}?district=19")) == {"Beat 1925": 2}
        assert counts(as_user(supervisor).get(f"{MAP}?district=nonsense")) == {
            "District 19": 2, "District 20": 1, "None": 2,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("industry=nail+salon", {"District 19": 1}),
            ("standing=partner", {"District 19": 1}),
            ("q=bean", {"District 19": 1, "District 20": 1, "None": 1}),
            ("q=nails+west", {"District 19": 1}),
            ("beat=2011", {"District 20": 1}),
            ("industry=zzzz", {}),
        ],
    )
    def test_the_filters_are_those_of_the_list(self, as_user, supervisor, shops, query, found):
        page = as_user(supervisor).get(f"{MAP}?{query}")
        assert counts(page) == found
        assert page.context["count"] == sum(found.values())

    def test_each_area_leads_to_the_list_narrowed_to_it(self, as_user, supervisor, shops):
        client = as_user(supervisor)
        for query in ("", "?standing=prospect&sort=-name"):
            for each, url in client.get(MAP + query).context["areas"]:
                page = client.get(url)
                assert len(page.context["list"].rows) == each.count, url
                assert query.lstrip("?") in url

    def test_a_beat_leads_to_its_list(self, as_user, supervisor, shops):
        client = as_user(supervisor)
        ((_each, url),) = client.get(f"{MAP}?district=19").context["areas"]
        assert parse_qs(urlsplit(url).query) == {"district": ["19"], "beat": ["1925"]}
        assert len(client.get(url).context["list"].rows) == 2

    def test_what_lies_in_an_area_without_a_parent_stands_by_itself(self, as_user, supervisor, db):
        BusinessFactory(area=AreaFactory(kind="beat", code="7"))
        assert counts(as_user(supervisor).get(MAP)) == {"Beat 7": 1}

    def test_numbers_are_written_for_people_and_for_the_script(self, as_user, supervisor, city, monkeypatch):
        many = [maps.Counted(city.west, 1234)]
        monkeypatch.setattr(maps, "by_area", lambda rows, **how: many)
        html = as_user(supervisor).get(MAP).content.decode()
        assert f'data-area="{city.west.pk}" data-count="1234"' in html
        assert '<td class="num">1,234</td>' in html
        assert "1,234 businesses" in html

    def test_without_businesses_it_says_what_to_do(self, as_user, officer, viewer):
        assert b"Add a business" in as_user(officer).get(MAP).content
        assert b"Nothing matches" in as_user(viewer).get(f"{MAP}?q=zzzz").content


class TestBetweenListAndMap:
    def switch(self, page):
        return page.context["switches"][0].segments

    def test_filters_go_along_both_ways_and_the_place_in_the_list_does_not(self, as_user, supervisor, shops):
        client = as_user(supervisor)
        query = "q=bean&standing=prospect&sort=-name"
        here, there = self.switch(client.get(f"{reverse('desk:businesses')}?{query}&page=last"))
        assert (here.current, there.current) == (True, False)
        assert there.url == f"{MAP}?{query}"
        here, there = self.switch(client.get(there.url))
        assert (here.current, there.current) == (False, True)
        assert here.url == f"{reverse('desk:businesses')}?{query}"

    def test_the_map_of_the_citys_directory_shows_what_it_shows(self, as_user, officer, city):
        BusinessFactory(name="East Nails", standing="partner", listed=True, area=city.east_beat,
                        latitude=41.93, longitude=-87.55)  # fmt: skip
        client = as_user(officer)
        page = client.get(f"{MAP}?scope=city")
        assert counts(page) == {"District 20": 1}
        ((_each, url),) = page.context["areas"]
        assert [row.name for row in client.get(url).context["list"].rows] == ["East Nails"]
        answer = client.get(f"{PLACES}?scope=city&zoom=12&box={CITY}").json()
        ((place,),) = [each["of"] for each in answer["places"]]
        assert place["url"] == Business.objects.get(name="East Nails").get_absolute_url()
        assert client.get(f"{PLACES}?zoom=12&box={CITY}").json()["count"] == 0, "not theirs"

    @pytest.mark.parametrize("box", ["", f"&zoom=12&box={CITY}", f"&zoom=18&box={CITY}"])
    def test_beyond_ones_own_districts_a_home_is_counted_and_never_shown(self, as_user, officer, city, box):
        place = BusinessFactory(
            name="Candles", area=city.east_beat, street="7 Elm St", home_based=True, standing="partner",
            listed=True, latitude=41.93, longitude=-87.55,
        )  # fmt: skip
        client = as_user(officer)
        assert counts(client.get(f"{MAP}?scope=city")) == {"District 20": 1}
        answer = client.get(f"{PLACES}?scope=city{box}")
        assert answer.json() == {"count": 0, "clusters": [], "places": [], "box": None}
        Business.objects.filter(pk=place.pk).update(home_based=False)
        assert names(client.get(f"{PLACES}?scope=city&zoom=12&box={CITY}").json()) == ["Candles"]

    def test_the_desk_sees_where_a_home_of_its_own_is(self, as_user, officer, city):
        BusinessFactory(
            name="Candles", area=city.west_beat, home_based=True, latitude=41.95, longitude=-87.65
        )
        assert names(as_user(officer).get(f"{PLACES}?zoom=12&box={CITY}").json()) == ["Candles"]

    def test_the_script_asks_with_the_filters_of_the_page(self, as_user, supervisor, shops):
        html = unescape(as_user(supervisor).get(f"{MAP}?q=bean&zoom=3&box=x").content.decode())
        assert f'data-places="{PLACES}?q=bean"' in html


class TestInSight:
    def test_few_are_named_with_their_page(self, as_user, supervisor, shops):
        answer = as_user(supervisor).get(f"{PLACES}?zoom=11&box={CITY}").json()
        assert answer["count"] == 3
        assert answer["clusters"] == []
        assert sorted(len(each["of"]) for each in answer["places"]) == [1, 2], "too near to be two marks"
        assert names(answer) == ["East Bean", "West Bean", "West Nails"]
        (east,) = [each for each in answer["places"] if each["of"][0]["name"] == "East Bean"]
        assert east["at"] == [41.93, -87.55]
        assert east["of"][0]["url"] == reverse("desk:business", args=[shops["East Bean"].pk])

    def test_several_at_one_position_stand_together(self, as_user, supervisor, shops):
        BusinessFactory(name="Upstairs", area=shops["East Bean"].area, latitude=41.93, longitude=-87.55)
        answer = as_user(supervisor).get(f"{PLACES}?zoom=18&box=-87.551,41.929,-87.549,41.931").json()
        assert [[each["name"] for each in place["of"]] for place in answer["places"]] == [
            ["East Bean", "Upstairs"]
        ]

    def test_an_officer_sees_and_counts_only_theirs(self, as_user, officer, shops):
        answer = as_user(officer).get(f"{PLACES}?zoom=11&box={CITY}").json()
        assert names(answer) == ["West Bean", "West Nails"]
        assert answer["count"] == 2
        whole = as_user(officer).get(PLACES).json()
        assert whole["count"] == 3, "with the one in no district, which the list shows too"
        assert whole["box"] == [41.95, -88.0, 43.0, -87.65]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=bean", ["East Bean", "West Bean"]),
            ("industry=manicure", ["West Nails"]),
            ("district=20", ["East Bean"]),
        ],
    )
    def test_filters_are_applied(self, as_user, supervisor, shops, query, found):
        assert names(as_user(supervisor).get(f"{PLACES}?zoom=11&box={CITY}&{query}").json()) == found

    def test_many_become_clusters_and_those_alone_are_named(self, as_user, supervisor, city):
        spread(city, maps.NAMED + 20)
        BusinessFactory(name="Alone", area=city.east_beat, latitude=41.82, longitude=-87.45)
        answer = as_user(supervisor).get(f"{PLACES}?zoom=11&box={CITY}").json()
        assert answer["count"] == maps.NAMED + 21
        assert sum(n for _lat, _lon, n in answer["clusters"]) + len(names(answer)) == answer["count"]
        assert names(answer) == ["Alone"]
        closer = as_user(supervisor).get(f"{PLACES}?zoom=13&box={CITY}").json()
        assert len(closer["clusters"]) > len(answer["clusters"])

    def test_closest_every_place_stands_by_itself_up_to_a_limit(self, as_user, supervisor, city):
        spread(city, maps.MOST_NAMED + 10, step=0.0)
        answer = as_user(supervisor).get(f"{PLACES}?zoom=18&box={CITY}").json()
        assert answer["clusters"] == []
        assert len(names(answer)) == maps.MOST_NAMED
        assert answer["count"] == maps.MOST_NAMED + 10

    @pytest.mark.parametrize("zoom", [9, 10.25, 12, 13.5, 15, 18])
    def test_no_two_marks_are_nearer_than_a_finger_is_wide(self, supervisor, city, zoom):
        spread(city, 400)
        found = maps.in_sight(Business.objects.all(), zoom, maps.Box.read(CITY))
        assert found.count == 400
        if zoom < maps.CLOSEST:
            assert sum(mark.count for mark in found.marks) == 400
        pixel = 360 / 2**zoom / 256
        for n, one in enumerate(found.marks):
            for other in found.marks[n + 1 :]:
                x, y = ((one.at[i] - other.at[i]) / pixel for i in (1, 0))
                far = maps.CLUSTER if one.is_cluster or other.is_cluster else maps.PLACE
                assert max(abs(x), abs(y) / 0.766) >= far - 0.01

    @pytest.mark.parametrize(
        "query",
        ["", "zoom=inf", "zoom=99&box=1,2,3", "zoom=-1&box=a,b,c,d", "zoom=nan&box=nan,nan,nan,nan",
         "box=1,1,0,0", "zoom=1e9&box=-181,0,181,1", "zoom=%D9%A3&box=inf,0,inf,1",
         "zoom=000000000&box=" + "9" * 400],
    )  # fmt: skip
    def test_odd_addresses_show_all_there_is(self, as_user, supervisor, shops, query):
        answer = as_user(supervisor).get(f"{PLACES}?{query}")
        assert answer.status_code == 200
        assert answer.json()["count"] == 4

    def test_however_close_a_wide_box_is_asked_for_the_cells_are_few(self, as_user, supervisor, city):
        spread(city, 2000, step=0.0001)
        answer = as_user(supervisor).get(f"{PLACES}?zoom=17&box={CITY}").json()
        assert len(answer["clusters"]) + len(answer["places"]) <= maps.MOST_CELLS**2
        assert len(json.dumps(answer)) < 20_000

    def test_nobody_outside_the_desk_asks(self, client, owner, admin_user):
        for address in (MAP, PLACES, BORDERS):
            assert client.get(address).status_code == 302
        for who in (owner, admin_user):
            sign_in(client, who)
            for address in (MAP, PLACES, BORDERS):
                assert client.get(address).status_code == 403


def spread(city, number, step=0.0005):
    """Places along a line, as one organization's."""
    chain = Organization.objects.create(name="Chain")
    Business.objects.bulk_create(
        Business(organization=chain, name=f"Site {n}", area=city.west_beat, slug=f"site-{n}",
                 latitude=41.9 + step * n, longitude=-87.69 + step * n / 2)
        for n in range(number)
    )  # fmt: skip


class TestQueries:
    """As many for a thousand as for a few."""

    def asked(self, client, address, django_assert_max_num_queries, most):
        with django_assert_max_num_queries(most) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    @pytest.mark.parametrize(("address", "most"), [(MAP, 16), (f"{PLACES}?zoom=11&box={CITY}", 12)])
    def test_they_do_not_grow(
        self, as_user, supervisor, shops, city, address, most, django_assert_max_num_queries
    ):
        client = as_user(supervisor)
        client.get(address)
        few = self.asked(client, address, django_assert_max_num_queries, most)
        spread(city, 1000)
        assert self.asked(client, address, django_assert_max_num_queries, most) == few


class TestBorders:
    def borders(self, client):
        answer = client.get(BORDERS, {"beats": "1"})
        assert answer["Content-Type"] == "application/geo+json"
        return json.loads(answer.content)["features"]

    def test_districts_and_beats_of_today(self, as_user, supervisor, city):
        old = AreaFactory(code="18", geometry=square(-87.8, 41.9), valid_until="2021-01-01")
        found = self.borders(as_user(supervisor))
        assert [each["properties"]["name"] for each in found] == [
            "District 19", "District 20", "District 19, beat 1925", "District 20, beat 2011",
        ]  # fmt: skip
        only = json.loads(as_user(supervisor).get(BORDERS).content)["features"]
        assert [each["properties"]["kind"] for each in only] == ["district", "district"]
        assert old.pk not in {each["properties"]["id"] for each in found}

    def test_a_border_of_many_points_is_simplified_and_neighbors_keep_meeting(self, as_user, supervisor):
        steps = [(-87.6 + 0.00001 * (n % 2), 41.9 + 0.0001 * n) for n in range(500)]
        for code, far in (("1", -87.7), ("2", -87.5)):
            ring = [*steps, (far, 41.9 + 0.0001 * 499), (far, 41.9), steps[0]]
            AreaFactory(code=code, geometry={"type": "Polygon", "coordinates": [[list(p) for p in ring]]})
        west, east = (
            {tuple(p) for p in each["geometry"]["coordinates"][0]}
            for each in self.borders(as_user(supervisor))
        )
        assert len(west) < 20
        assert len(west & east) >= 2, "they share what is left of their border"

    def test_it_is_worked_out_once_for_an_edition(self, as_user, supervisor, city, monkeypatch):
        worked = []
        kept = maps._features

        def noted(kind):
            worked.append(kind)
            return kept(kind)

        monkeypatch.setattr(maps, "_features", noted)
        client = as_user(supervisor)
        self.borders(client)
        self.borders(client)
        assert len(worked) == 2, "districts and beats, once"
        AreaShape.objects.filter(area=city.west).update(geometry=square(-87.75, 41.9, 0.15))
        assert [-87.75, 41.9] in self.borders(client)[0]["geometry"]["coordinates"][0]
        Area.objects.filter(pk=city.west.pk).update(name="Riverside")
        assert self.borders(client)[0]["properties"]["name"] == "Riverside"
        assert len(worked) == 6

    def test_without_areas_there_are_none(self, as_user, supervisor):
        assert self.borders(as_user(supervisor)) == []

    def test_a_broken_polygon_does_not_take_the_map_away(self, as_user, supervisor, city):
        bow = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
        AreaFactory(code="99", geometry={"type": "Polygon", "coordinates": [bow]})
        assert len(self.borders(as_user(supervisor))) == 5


def policy_of(page):
    """Each directive of its content security policy."""
    return {each.strip() for each in page["Content-Security-Policy"].split(";")}


class TestTiles:
    def test_none_by_default_and_pictures_come_from_here_alone(self, as_user, supervisor, shops):
        page = as_user(supervisor).get(MAP)
        assert b"data-tiles" not in page.content
        assert "img-src 'self' data:" in policy_of(page)

    def test_a_server_that_is_named_may_send_pictures_to_this_page_alone(
        self, as_user, supervisor, shops, settings
    ):
        settings.MAP_TILES = "https://{s}.tile.example/{z}/{x}/{y}.png"
        settings.MAP_ATTRIBUTION = "Streets by <Example>"
        client = as_user(supervisor)
        page = client.get(MAP)
        assert {
            "img-src 'self' data: https://*.tile.example", "script-src 'self'", "style-src 'self'",
        } <= policy_of(page)  # fmt: skip
        html = page.content.decode()
        assert 'data-tiles="https://{s}.tile.example/{z}/{x}/{y}.png"' in html
        assert "Streets by &lt;Example&gt;" in html
        assert "tile.example" not in client.get(reverse("desk:businesses"))["Content-Security-Policy"]
