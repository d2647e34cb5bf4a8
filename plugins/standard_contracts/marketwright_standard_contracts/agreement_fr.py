"""The services agreement in French, section by section."""

from collections.abc import Mapping
from typing import Any

from marketwright.plugin import Section
from marketwright_standard_contracts import courses
from marketwright_standard_contracts.words import day, operator, shown

LANG = "fr"


def preamble(t: Mapping[str, Any]) -> tuple[str, ...]:
    """Why the parties meet."""
    return (
        f"{{Client.le}} a un besoin : « {t['mission']['title']} ». Il a choisi {{freelancer.le}} sur "
        f"{t['marketplace']['brand']} pour ses compétences. Les parties ont librement négocié le contenu, le prix et "
        "les dates ; le présent contrat consigne leur accord.",
    )


def sections(t: Mapping[str, Any], s: Mapping[str, Any]) -> tuple[Section, ...]:
    """All sections, in order."""
    return (
        _object(t), courses.deliverables(t, LANG), _acceptance(t), _price(t), _payment(t), _late(s), _independence(),
        _property(), _secrets(s), _data(), _liability(t, s), _marketplace(t), _end(t, s), _law(s),
    )  # fmt: skip


def _object(t: Mapping[str, Any]) -> Section:
    start = f" La prestation commence le {day(t['start'], LANG)}." if t["start"] else ""
    order = t["contract"]["purchase_order"]
    return Section("Objet", (
        "{Freelancer.le} s’engage à travailler pour {client.le} les jours énumérés ci-après, avec soin et selon les "
        f"règles de l’art, {{client.le}} à payer ceux qui sont approuvés.{start}" if courses.by_day(t) else
        "{Freelancer.le} s’engage à réaliser et à remettre les livrables énumérés ci-après, {client.le} à en payer le "
        f"prix.{start} L’obligation porte sur le résultat décrit pour chaque livrable, non sur un nombre d’heures.",
        "Le présent contrat prévaut sur les conditions générales de chacune des parties. Il ne se modifie que par un "
        "avenant signé des deux." + (f" Le bon de commande {{client.du}} porte le numéro {order}." if order else ""),
    ))  # fmt: skip


def _acceptance(t: Mapping[str, Any]) -> Section:
    if courses.by_day(t):
        return courses.timesheets(t, LANG)
    days = t["process"]["silence_days"]
    silence = (
        f"Si {{client.le}} ne fait ni l’un ni l’autre dans les {days} jours suivant la livraison, le livrable est "
        "réputé "
        "accepté ; {client.le} reçoit des rappels avant ce terme. Ce délai ne court pas tant qu’une demande de "
        "modification est ouverte."
        if days else "Le silence ne vaut jamais acceptation."
    )  # fmt: skip
    return Section("Livraison et acceptation", (
        f"{{Freelancer.le}} remet chaque livrable sur {t['marketplace']['brand']}. {{Client.le}} l’accepte, ou "
        "demande des "
        "modifications en précisant ce qui n’est pas conforme au présent contrat.",
        silence,
        "Les modifications qui dépassent le présent contrat font l’objet d’un avenant.",
    ))  # fmt: skip


def _price(t: Mapping[str, Any]) -> Section:
    a = t["amounts"]
    rows = [("Prix de la prestation, hors taxes", shown(a["work"], t, LANG))]
    rows += [("TVA sur la prestation", shown(a["work_tax"], t, LANG))] if a["work_tax"] else []
    for fee in t["fees"]:
        who = "à la charge {client.du}" if fee["side"] == "client" else "à la charge {freelancer.du}"
        rows.append((f"{fee['label']} ({who})", shown(fee["amount"], t, LANG)))
    tax = a["client_fee_tax"] + a["freelancer_fee_tax"]
    rows += [("TVA sur les frais", shown(tax, t, LANG))] if tax else []
    rows += [("{Client.le} paie en tout", shown(a["client_pays"], t, LANG)),
             ("{Freelancer.le} reçoit", shown(a["freelancer_receives"], t, LANG))]  # fmt: skip
    for extra in t.get("extras", ()):
        who = "commandé par {client.le}" if extra["side"] == "client" else "commandé par {freelancer.le}"
        rows.append((f"{extra['label']} ({who}, facturé à part par {t['marketplace']['brand']}, taxes comprises)",
                     shown(extra["amount"] + extra["tax"], t, LANG)))  # fmt: skip
    return Section("Prix et frais", (
        "Le prix est ferme. Il comprend tout ce dont {freelancer.le} a besoin pour réaliser les livrables, ainsi que "
        "la "
        "cession de droits prévue ci-après. Les taux et montants des frais sont fixés pour le présent contrat au jour "
        "de sa signature.",
    ), tuple(rows))  # fmt: skip


def _payment(t: Mapping[str, Any]) -> Section:
    m = t["marketplace"]
    mandate = (
        "{Freelancer.le} établit ses propres factures relatives au présent contrat, selon la loi de son pays, les "
        f"envoie {{client.au}} et les dépose sur {m['brand']}. {m['name']} facture elle-même ses frais."
    ) if courses.own_invoices(t) else (
        f"{{Freelancer.le}} donne mandat à {m['name']} d’établir ses factures relatives au présent contrat, en son "
        "nom et "
        "pour son compte, et de percevoir ses frais. {Freelancer.le} conserve l’entière responsabilité de sa "
        "facturation "
        "et de ses obligations fiscales ; il peut contester une facture dans les quinze jours de son émission."
    )
    if t["process"]["holds"]:
        return Section("Paiement", (
            "{Client.le} verse le prix de chaque jalon avant que le travail correspondant ne commence. Les fonds sont "
            f"détenus par {t['holder']}, prestataire de paiement, et jamais par {m['name']}. Ils sont versés "
            "{freelancer.au} à l’acceptation du livrable, déduction faite des frais à sa charge, et restitués "
            "{client.au} si "
            "le jalon est annulé avant la livraison.",
            "En cas de désaccord sur une livraison, chaque partie peut demander à "
            f"{m['name']} de décider du sort des fonds détenus, après avoir entendu les deux. La décision énonce ses "
            "motifs et son auteur ; elle ne prive personne du droit de saisir le juge.",
            *courses.released(t, LANG),
            mandate,
        ))  # fmt: skip
    return Section("Paiement", (
        "Chaque livrable accepté est facturé. {Client.le} paie directement {freelancer.le} dans les "
        f"{t['process']['payment_days']} jours de la facture. {m['name']} ne détient aucun fonds ; ses frais sont dus "
        "par chaque partie une fois la facture payée.",
        mandate,
    ))  # fmt: skip


def _late(s: Mapping[str, Any]) -> Section:
    return Section("Retard de paiement", (
        "Toute somme payée en retard porte intérêt dès le lendemain de son échéance, sans mise en demeure, au taux de "
        "l’opération de refinancement la plus récente de la Banque centrale européenne majoré de "
        f"{s['late_interest_points']} points. S’y ajoute une indemnité forfaitaire de {s['late_flat_sum']} euros pour "
        "frais de recouvrement, et les frais supplémentaires sur justificatifs.",
    ))  # fmt: skip


def _independence() -> Section:
    return Section("Indépendance", (
        "{Freelancer.le} exerce en toute indépendance. Il organise seul son travail, ses horaires, ses outils et son "
        "lieu "
        "d’exercice, dans la limite des contraintes d’accès aux locaux ou aux systèmes. Il ne reçoit pas d’ordres sur "
        "la manière de travailler, ne prend place dans aucune hiérarchie {client.du}, reste libre de servir d’autres "
        "clients et de refuser d’autres missions.",
        "{Freelancer.le} déclare être régulièrement immatriculé, acquitter ses cotisations sociales et ses impôts, et "
        "être assuré pour sa responsabilité professionnelle. Il remet les attestations que la loi exige avant la "
        "signature, puis tous les six mois jusqu’au terme.",
        "{Freelancer.le} ne recourt à un sous-traitant qu’avec l’accord écrit {client.du}, et en répond.",
    ))  # fmt: skip


def _property() -> Section:
    return Section("Propriété intellectuelle", (
        "Au paiement intégral d’un jalon, {freelancer.le} cède {client.au}, à titre exclusif, les droits patrimoniaux "
        "sur "
        "ses livrables : droits de reproduction, de représentation, d’adaptation, de traduction et d’intégration, sur "
        "tout support et pour tout usage de l’activité {client.du}, pour le monde entier et pour la durée légale de "
        "protection. Le prix comprend cette cession.",
        "Ce que {freelancer.le} savait ou possédait auparavant, et les outils qui ne sont pas propres {client.au}, lui "
        "demeurent acquis ; {client.le} peut en user, sans exclusivité ni limite de durée, autant que les livrables "
        "l’exigent. Les logiciels libres conservent leur licence, que {freelancer.le} indique à la livraison.",
    ))  # fmt: skip


def _secrets(s: Mapping[str, Any]) -> Section:
    return Section("Confidentialité", (
        "Chaque partie garde secret ce qu’elle apprend de l’autre à l’occasion du présent contrat et qui n’est pas "
        "public, ne s’en sert que pour le contrat et le protège comme ses propres secrets. Cette obligation dure "
        f"autant que le contrat, et {s['confidentiality_years']} ans après son terme.",
        "Est excepté ce que la loi ou une autorité oblige à révéler ; la partie concernée en avertit l’autre au "
        "préalable lorsqu’elle le peut.",
    ))  # fmt: skip


def _data() -> Section:
    return Section("Données personnelles", (
        "Chaque partie ne traite les coordonnées de l’autre que pour l’exécution du présent contrat. Lorsque "
        "{freelancer.le} doit traiter des données personnelles pour le compte {client.du}, il agit sur ses "
        "instructions "
        "documentées, en assure la sécurité et la confidentialité, ne fait appel à personne d’autre sans son accord, "
        "l’aide à répondre aux demandes et aux incidents, lui notifie toute violation sous 24 heures, et restitue ou "
        "efface les données au terme.",
    ))  # fmt: skip


def _liability(t: Mapping[str, Any], s: Mapping[str, Any]) -> Section:
    cap = shown(t["amounts"]["work"] * s["liability_percent"] // 100, t, LANG)
    return Section("Responsabilité", (
        f"Chaque partie répond des dommages directs que son manquement cause à l’autre, dans la limite de {cap} au "
        "total. Cette limite ne s’applique ni aux dommages corporels, ni au dol, ni à la faute lourde, ni à la "
        "contrefaçon, ni à la violation de la confidentialité.",
        "Nul ne répond d’un événement de force majeure, tant qu’il dure ; au-delà de trente jours, chaque partie peut "
        "mettre fin au contrat.",
    ))  # fmt: skip


def _marketplace(t: Mapping[str, Any]) -> Section:
    m = t["marketplace"]
    who = operator(m)
    return Section(f"Rôle de {m['brand']}", (
        f"{m['brand']} est exploitée par {m['name']}{f' ({who})' if who else ''}. La plateforme met les parties en "
        "relation, conserve leurs documents et suit le déroulement de la mission. Elle n’est pas partie au présent "
        "contrat, ne donne pas d’instructions {freelancer.au} et ne répond pas des obligations des parties.",
        f"Le déroulement suivi est « {t['process']['label']} », version {t['process']['version']}, figé pour le "
        "présent contrat.",
    ))  # fmt: skip


def _end(t: Mapping[str, Any], s: Mapping[str, Any]) -> Section:
    return Section("Fin du contrat", (
        "Le contrat prend fin au règlement du dernier jalon. Un jalon dont le prix n’est pas encore versé, ou dont le "
        "travail n’a pas commencé, peut être annulé par chaque partie, avec un motif.",
        *courses.calling_off(t, LANG),
        "Si une partie manque à une obligation essentielle et n’y remédie pas dans les "
        f"{s['notice_days']} jours d’une mise en demeure écrite, l’autre peut résilier le contrat. Les livrables "
        "acceptés jusque-là sont payés ; le travail en cours l’est pour la part que {client.le} peut utiliser.",
    ))  # fmt: skip


def _law(s: Mapping[str, Any]) -> Section:
    return Section("Droit, juridiction et signature", (
        f"Le présent contrat est régi par {s['law'][LANG]}. Les parties recherchent d’abord une solution amiable ; à "
        f"défaut, {s['court'][LANG]} sont compétents.",
        "Les parties signent par voie électronique sur le site, chacune depuis son compte et après avoir de nouveau "
        "prouvé son identité. Elles acceptent que le texte conservé, son empreinte, ainsi que l’heure et le nom "
        "enregistrés pour chaque signature fassent la preuve de leur consentement.",
    ))  # fmt: skip
