"""What HubL knows by name: tags, filters, expression tests, functions, platform values, standard properties.

Names come from Jinjava's public source, HubSpot's own formatter (npm @hubspot/prettier-plugin-hubl) and the HubL
reference. This is the part of the dialect that ages; nothing here decides what a name does.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLATFORM_TAGS: Final = _words(
    """block_tag blog_comments blog_social_sharing blog_subscribe boolean choice color content_attribute cta
    custom_widget dnd_area dnd_section dnd_row dnd_column dnd_module email_each email_flex_area
    email_simple_subscription email_subscriptions email_subscriptions_confirmation flip follow_me form gallery
    global_module global_partial global_widget google_search header icon image image_slider image_src
    include_dnd_partial inline_rich_text inline_text js_module js_partial language_switcher linked_image logo
    member_login member_register membership_social_logins menu module module_attribute module_block page_footer
    password_prompt password_reset password_reset_request placeholder_block post_filter post_listing raw_html
    related_blog_posts require_css require_head require_js rich_text rss_listing scope_css section_header
    simple_menu social_sharing space style_settings targeted_area targeted_module text textarea video_player
    widget_attribute widget_block widget_container widget_wrapper extend_template_context load_webpack_bundle
    standard_header_includes standard_footer_includes include_custom_fonts"""
)
"""Tags that HubSpot itself fills in; each also answers to `end_<name>` where it is a block."""
PLATFORM_ENDS: Final = _words("endemail_each endflip")
"""Other ends of such blocks, as HubSpot's own formatter knows and writes them."""

CORE_LEAVES: Final = _words("set do print cycle include import from extends break continue debug required")
CORE_BLOCKS: Final = _words("if unless for macro call block autoescape ifchanged raw")
OPENING: Final = _words("import from include extends")
"""Tags that bring in another file, which may define names."""
MIDDLES: Final = _words("else elif")

FOREIGN_TAGS: Final = _words(
    """unsubscribe unsubscribe_link manage_preferences manage_preferences_link web_view web_view_link coupon_code
    catalog endcatalog render_variable current_day current_month current_year current_weekday current_month_name
    currency_format assign capture endcapture case when endcase elsif tablerow render liquid with endwith"""
)
"""Tags of Klaviyo and of Liquid, for a better sentence than "unknown tag"."""

TAG_SLIPS: Final = {
    "elsif": "elif",
    "elseif": "elif",
    "else_if": "elif",
    "end_if": "endif",
    "fi": "endif",
    "end_for": "endfor",
    "end_unless": "endunless",
    "assign": "set",
}
"""Other languages' words for HubL's own tags."""

FILTERS: Final = _words(
    """abs add allow_snake_case attr base64_decode base64_encode batch between_times bool capitalize center
    close_html convert_rgb convert_rgba count cut d datetimeformat default dictsort difference divide divisible e
    escape escape_attr escape_html escape_jinjava escape_url escapejs escapejson escape_js escape_json
    filesizeformat first float forceescape format format_currency format_currency_value format_date
    format_datetime format_number format_time fromjson from_json fromyaml geo_distance groupby indent int
    intersect ipaddr ipv4 ipv6 join last length list log lower map md5 minus_time multiply now plus_time pprint
    prefix random regex_replace reject rejectattr render replace reverse root round safe sanitize_html select
    selectattr select_attr_first shuffle slice sort split string string_to_date string_to_time striptags
    strtodate strtotime sum symmetric_difference title tojson to_json toyaml trim truncate truncatehtml type
    unescape_html union unique unixtimestamp upper urldecode urlencode urlize wordcount wordwrap xmlattr"""
)

EXPRESSION_TESTS: Final = _words(
    """boolean containing containingall contains containsall defined divisibleby empty eq equalto escaped even false
    float ge greaterthan gt in integer iterable le lessthan lower lt mapping ne none number odd sameas sequence
    string string_containing string_startingwith true truthy undefined upper within"""
)

FUNCTIONS: Final = _words(
    """append_to_current_querystring access_control_tokens blog_all_posts_url blog_author_url blog_authors
    blog_by_id blog_page_link blog_popular_posts blog_post_archive_url blog_post_by_id blog_posts
    blog_recent_author_posts blog_recent_posts blog_recent_tag_posts blog_recent_topic_posts blog_tag_url
    blog_tags blog_total_post_count color_contrast color_variant content_by_id content_by_ids cta
    crm_associations crm_object crm_objects crm_property_definition crm_property_definitions
    datetimeformat file_by_id files_by_ids flag_is_enabled follow_me_links follow_links format_address
    format_currency format_date format_datetime format_name format_time get_asset_url get_asset_version
    get_public_template_url get_public_template_url_by_id geo_distance hubdb_table hubdb_table_column
    hubdb_table_row hubdb_table_rows include_default_custom_css index_by is_listing_page load_translations
    locale_name menu module_asset_url namespace now oembed pagination personalization_token postal_location
    range require_css require_head require_js resize_image_url search_results_url set_response_code strtotime super
    to_local_time today topics truncate type unixtimestamp update_filter within_time_delta zip"""
)

CRM_FUNCTIONS: Final = _words("crm_object crm_objects crm_associations")
CRM_WRAPPERS: Final = _words("crm_objects crm_associations")
CRM_CALL_LIMIT: Final = 10
"""Calls of one CRM function per email; over it the recipient is dropped (HubSpot's function reference)."""

URL_VALUES: Final = _words(
    """unsubscribe_link unsubscribe_link_all unsubscribe_link_single view_as_page_url
    subscription_confirmation_url"""
)
FOOTER_VALUES: Final = _words(
    "site_settings subscription_name subscription_description office_location_name unsubscribe_section"
)
CONTENT_VALUES: Final = _words(
    """content owner sender module widget widget_data widgets theme template blog group request hub_id hub_domain
    portal_id local_dt local_time_zone html_lang html_lang_dir lang year brand_settings color_settings
    background_image view_as_page_section view_as_page view_as_page_text recipient_email header footer
    export_to_template_context slug pageTitle page_meta current_year primary_domain subscription font_family
    company_domain background_color body_color body_border_color body_border_color_choice body_border_width
    email_body_border_css email_body_padding email_body_width primary_accent_color primary_font primary_font_color
    primary_font_size     primary_font_size_num secondary_accent_color secondary_font secondary_font_color
    secondary_font_size     secondary_font_size_num unsubscribe_anchor standard_header_includes
    standard_footer_includes"""
)
PLATFORM_VALUES: Final = URL_VALUES | FOOTER_VALUES | CONTENT_VALUES
SITE_SETTINGS: Final = _words(
    """company_name company_street_address_1 company_street_address_2 company_city company_state company_zip
    company_country company_domain"""
)
"""What `site_settings` is documented to hold; there may be more."""
AUTOMATED_VALUES: Final = _words("owner")
"""Values that HubSpot fills in in automated email only."""
RECORD_ROOTS: Final = _words("deal ticket quote order cart invoice subscription_record appointment lead")
"""Records that only an automated email about them has."""

CONTACT_ROOTS: Final = _words("contact")
COMPANY_ROOTS: Final = _words("company account")

FOREIGN_ROOTS: Final = _words("person event organization customer subscriber profile user merge merge_fields")
"""Where other platforms keep what HubSpot keeps under `contact`."""

STANDARD_PROPERTIES: Final = _words(
    """firstname lastname email phone mobilephone company jobtitle address city state zip country website
    salutation gender date_of_birth degree field_of_study fax industry annualrevenue numemployees
    lifecyclestage hs_lead_status hs_language hs_persona hs_object_id createdate lastmodifieddate closedate
    hubspot_owner_id school marital_status military_status work_email twitterhandle message start_date
    job_function seniority company_size hs_timezone associatedcompanyid owneremail ownername"""
)
"""Contact properties every HubSpot account has."""

FORMATTED_TYPES: Final = {
    "enumeration": "HubSpot prints the option's label, which may differ from the stored value",
    "date": "HubSpot prints dates in the account's format, which is not documented",
    "datetime": "HubSpot prints dates in the account's format, which is not documented",
}
"""Property types whose stored value is not what is printed (HubSpot knowledge base, value and label of options)."""
