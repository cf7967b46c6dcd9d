"""Tax ids of a customer: created and deleted, never changed."""

from __future__ import annotations

import re

from sandbox.stripe import refusals
from sandbox.stripe.account import Account, Cause
from sandbox.stripe.call import Call, listing
from sandbox.stripe.collection import Record
from sandbox.stripe.kinds import LIST, Group, Text

TYPES = tuple(
    """ad_nrt ae_trn al_tin am_tin ao_tin ar_cuit au_abn au_acn au_arn au_wpn aw_tin az_tin ba_tin bb_tin
    bd_bin bf_ifu bg_uic bh_vat bj_ifu bo_tin br_cnpj br_cpf bs_tin bw_vat by_tin ca_bn ca_gst_hst ca_pst_bc
    ca_pst_mb ca_pst_sk ca_qst cd_nif ch_uid ch_vat ci_vat cl_tin cm_niu cn_tin co_nit cr_tin cv_nif cz_dic
    de_stn do_rcn ec_ruc eg_tin es_cif et_tin eu_oss_vat eu_vat fo_vat fr_siren fr_siret fr_spi gb_vat
    ge_vat gh_tin gi_tin gn_nif hk_br hr_oib hu_tin ic_nif id_npwp il_vat in_gst is_kt is_vat it_cf jp_cn
    jp_rn jp_trn ke_pin kg_tin kh_tin kr_brn kz_bin la_tin li_uid li_vat lk_vat ma_vat md_cf md_vat me_pib
    mk_vat mr_nif mu_vat mx_rfc my_frp my_itn my_sst mz_nuit ng_tin no_vat no_voec np_pan nz_bn nz_gst
    om_vat pe_ruc ph_tin pl_nip pt_nif py_ruc ro_tin rs_pib ru_inn ru_kpp sa_vat sg_gst sg_uen si_tin sm_coe
    sn_ninea sr_fin sv_nit th_vat tj_tin tr_tin tt_bir tt_vat tw_vat tz_vat ua_vat ug_tin us_ein uy_ruc
    uz_tin uz_vat ve_rif vn_tin za_vat zm_tin zw_tin""".split()
)
# The vendor checks each type's form; only these are played, every other value passes.
FORMS = {
    "eu_vat": r"[A-Z]{2}[A-Z0-9+*]{2,12}",
    "gb_vat": r"GB[0-9]{9}([0-9]{3})?",
    "us_ein": r"[0-9]{2}-?[0-9]{7}",
    "au_abn": r"[0-9]{11}",
    "ch_vat": r"CHE[-.0-9]{9,13}(MWST|TVA|IVA)",
}
COUNTRY_IN_VALUE = ("eu_vat", "eu_oss_vat")
CREATE = Group({"type": Text(choices=TYPES), "value": Text(50)}, required=("type", "value"))
LISTED = Group({name: kind for name, kind in LIST.items() if name != "created"})
NOTHING = Group({})


def check(data: Record) -> None:
    """Refuse a value in the wrong form for its type."""
    if not re.fullmatch(FORMS.get(data["type"], ".+"), data["value"]):
        raise refusals.invalid(f"Invalid value for {data['type']}.", "value", "tax_id_invalid")


def add(account: Account, customer: str, data: Record, cause: Cause) -> Record:
    """Attach one checked tax id."""
    kind, value = data["type"], data["value"]
    country = value[:2] if kind in COUNTRY_IN_VALUE else kind[:2].upper()
    record = account.tax_ids.put(
        {
            "id": account.ids.make("txi"),
            "object": "tax_id",
            "country": country,
            "created": account.now,
            "customer": customer,
            "livemode": False,
            "type": kind,
            "value": value,
            "verification": {"status": "pending", "verified_address": None, "verified_name": None},
        }
    )
    account.emit("customer.tax_id.created", record, cause)
    return record


def create(call: Call) -> Record:
    values = call.read(CREATE)
    check(values)
    customer = call.found(call.account.customers, "customer")
    return add(call.account, customer["id"], values, call.cause)


def browse(call: Call) -> Record:
    values = call.read(LISTED)
    customer = call.found(call.account.customers, "customer")["id"]
    rows, has_more = call.account.tax_ids.page({**values, "customer": customer})
    return listing(f"/v1/customers/{customer}/tax_ids", rows, has_more=has_more)


def read(call: Call) -> Record:
    call.read(NOTHING)
    customer = call.found(call.account.customers, "customer")
    record = call.account.tax_ids.get(call.at["tax_id"])
    if record is None or record["customer"] != customer["id"]:
        raise refusals.missing("tax_id", call.at["tax_id"])
    return record


def delete(call: Call) -> Record:
    record = read(call)
    call.account.tax_ids.remove(record["id"])
    call.account.emit("customer.tax_id.deleted", record, call.cause)
    return {"id": record["id"], "object": "tax_id", "deleted": True}
