"""Addresses of lending: the stock, its items, its forecast, and the loans of a person."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import loans, stock, stock_ahead

LEND = Permission.LEND
ITEM = "stock/items/<int:item>/"
LOANS = "<uuid:person>/loans/"
LOAN = f"{LOANS}<uuid:loan>/"

urlpatterns = [
    page("stock/", stock.stock, name="stock", needs=LEND),
    page("stock/add/", stock.add_items, name="stock_add", needs=LEND),
    page("stock/data/", stock_ahead.data, name="stock_data", needs=LEND),
    page("stock/days/", stock_ahead.coming, name="stock_days", needs=LEND),
    page("stock/place/", stock.lend_together, name="stock_place", needs=LEND),
    page("stock/forecast/", stock_ahead.ahead, name="stock_forecast", needs=LEND),
    page(ITEM, stock.item, name="stock_item", needs=LEND),
    page(f"{ITEM}wipe/", stock.wipe, name="stock_wipe", needs=LEND),
    page(f"{ITEM}data/", stock.top_up, name="stock_top_up", needs=LEND),
    page(f"{ITEM}condition/", stock.describe, name="stock_condition", needs=LEND),
    page(f"{ITEM}lend/", stock.lend_to_place, name="stock_lend", needs=LEND),
    page(f"{ITEM}now/<slug:change>/", stock.change_item, name="stock_change", needs=LEND),
    page("stock/loans/<uuid:loan>/<slug:change>/", stock.change_loan, name="stock_loan_change", needs=LEND),
    page(LOANS, loans.loans, name="loans", needs=LEND),
    page(f"{LOANS}lend/", loans.lend, name="loan_add", needs=LEND),
    page(f"{LOANS}keep/", loans.reserve, name="loan_reserve", needs=LEND),
    page(f"{LOANS}wait/<uuid:organisation>/<slug:kind>/", loans.wait, name="loan_wait", needs=LEND),
    page(f"{LOANS}waits/<int:waiting>/end/", loans.end_wait, name="loan_wait_end", needs=LEND),
    page(f"{LOAN}hand-over/", loans.hand_over, name="loan_hand_over", needs=LEND),
    page(f"{LOAN}longer/", loans.longer, name="loan_longer", needs=LEND),
    page(f"{LOAN}gone/", loans.gone, name="loan_gone", needs=LEND),
    page(f"{LOAN}swap/", loans.swap, name="loan_swap", needs=LEND),
    page(f"{LOAN}slip/<int:points>/", loans.slip, name="loan_slip", needs=LEND),
    page(f"{LOAN}now/<slug:change>/", loans.change, name="loan_change", needs=LEND),
]
