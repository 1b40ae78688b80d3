"""What the keys of metrics.json mean, in words, and which of them stand in the README."""

from __future__ import annotations

__all__ = ["BESIDE", "HEADLINES", "meaning"]

MEANINGS: dict[str, str] = {
    "pk_log_median": "P(k) of log Σ: deviation of the mean, median over bins",
    "pk_log_worst": "P(k) of log Σ: worst bin",
    "pk_delta_median": "P(k) of the overdensity: deviation of the mean, median over bins",
    "pk_delta_worst": "P(k) of the overdensity: worst bin",
    "pk_scatter_median": "scatter of P(k) between maps: median deviation",
    "pdf_over_floor": "distance of the pixels' distribution, in units of its floor",
    "response_worst": "d ln P / d parameter: worst deviation",
    "pk_scatter_delta_median": "scatter of P(k) of the overdensity: median deviation",
    "pdf_distance": "distance of the pixels' distribution (Wasserstein on log Σ), dex",
    "response_bin": "d ln P / d parameter: worst single bin",
    "bispectrum_median": "equilateral bispectrum of log Σ: median deviation",
    "seconds_per_map": "seconds for one map",
    "seconds_for_16": "seconds for 16 maps",
    "nats_per_pixel": "log-density of held-out maps, nats a pixel",
    "inverse_error": "largest error of the inverse",
    "rmse_omega_m": "error of Ωₘ from the field (rms)",
    "rmse_sigma_8": "error of σ₈ from the field (rms)",
    "rmse_pk_omega_m": "error of Ωₘ from the power spectrum (rms)",
    "rmse_pk_sigma_8": "error of σ₈ from the power spectrum (rms)",
    "ratio_omega_m": "error of Ωₘ from the field over that from the power spectrum",
    "ratio_sigma_8": "error of σ₈ from the field over that from the power spectrum",
    "tarp_error": "largest departure of the TARP coverage from the diagonal",
    "coverage_68": "truths inside the 68% interval",
    "coverage_95": "truths inside the 95% interval",
    "ood_caught": "maps unlike the training data that are flagged",
    "ood_false_alarms": "simulated maps flagged by mistake",
    "r2_clean": "R² of x_HI, as simulated",
    "r2_aa4": "R² of x_HI, AA4 1,000 h",
    "r2_aa_star": "R² of x_HI, AA* 1,000 h",
    "r2_aa4_wedge": "R² of x_HI, AA4 1,000 h, wedge removed",
    "rmse_clean": "error of x_HI (rms), as simulated",
    "rmse_aa4": "error of x_HI (rms), AA4 1,000 h",
    "rmse_aa_star": "error of x_HI (rms), AA* 1,000 h",
    "rmse_aa4_wedge": "error of x_HI (rms), AA4 1,000 h, wedge removed",
    "bias": "mean error of x_HI",
    "flagged": "boxes flagged as unlike the training data",
    "ood_caught_units": "flagged: wrong units",
    "ood_caught_noise": "flagged: noise alone",
    "ood_caught_twin": "flagged: the same spectrum with random phases",
    "ood_caught_inverted": "flagged: sign turned around",
    "ood_caught_contrast": "flagged: another contrast than the stated telescope gives",
    "leaky_r2_clean_by_slice": "LEAKY: R² of trees on single slices, split by slice",
    "honest_r2_clean_by_slice": "the same trees and slices, split by simulation",
    "r2_corner": "R² of x_HI, corner of the parameters outside training",
    "r2_other_simulator": "R² of x_HI, boxes of another source model",
    "accuracy": "classification accuracy (galaxies or AGN), as simulated",
    "accuracy_observed": "classification accuracy (galaxies or AGN), AA4 1,000 h",
    "accuracy_hard": "classification accuracy (galaxies or AGN) where the power spectra coincide",
    "false_alarms": "simulated boxes flagged by mistake",
    "hard_fraction": "test boxes in pairs whose power spectra coincide",
    "hard_boxes": "how many such boxes",
    "log_loss": "log loss of galaxies or AGN",
    "auc": "area under the ROC curve of galaxies or AGN",
    "calibration_error": "error of the probability of AGN, mean over bins",
    "pk_ratio_median": "P(k) of ionization fields: deviation, median over k < 1/Mpc and x_HI",
    "pk_ratio_worst": "P(k) of ionization fields: worst bin",
    "r_k": "cross-correlation with the simulator's field, median",
    "r_k_0.1": "cross-correlation at k = 0.1/Mpc",
    "r_k_0.3": "cross-correlation at k = 0.3/Mpc",
    "r_k_0.8": "cross-correlation at k = 0.8/Mpc",
    "bubble_path_error": "mean free path in ionized regions: deviation, median over x_HI",
    "bubble_distance": "distribution of bubble sizes (Wasserstein on ln path)",
    "x_hi_error": "mean x_HI against what was asked, largest error",
    "x_hi_error_uncorrected": "mean x_HI before it is moved to what was asked, mean error",
    "rmse": "rms difference from the simulator's field",
    "seconds": "seconds for one slice",
    "likelihood_seconds": "seconds for a posterior by HIGlow's likelihood",
    "seconds_box": "seconds for the 64 slices of a box",
    "unet_seconds_box": "seconds for the 64 slices of a box in one pass",
    "simulator_seconds": "seconds of 21cmFAST's ionization step for a box",
    "threshold_smoothing_mpc": "smoothing of the threshold's density, Mpc",
}
OF_COSMOGEMMA: dict[str, str] = {
    "accuracy": "accuracy of the answers, with sources",
    "accuracy_error": "one standard error of that",
    "open_accuracy": "accuracy of open questions",
    "yes_no_accuracy": "accuracy of yes/no questions",
    "yes_no_balanced": "accuracy of yes/no questions, mean over yes and no",
    "recall_1": "questions whose abstract is found first",
    "recall_5": "questions whose abstract is among the first five",
    "citation_support": "answers with a cited passage that holds the reference's terms",
    "mcq_easy": "multiple choice, random distractors",
    "mcq_hard": "multiple choice, distractors from the nearest questions",
    "bleu": "BLEU",
    "chrf": "chrF",
    "rouge_l": "ROUGE-L",
    "cosine": "cosine of MiniLM embeddings",
    "questions": "how many questions",
    "seconds_per_answer": "seconds for an answer with sources, whole",
}
OF_RANKING: dict[str, str] = {
    "ndcg10": "nDCG at 10 of the wanted papers, after five likes",
    "auc": "area under the ROC curve of the wanted papers, after five likes",
    "ndcg10_gain": "nDCG at 10 over that of TF-IDF",
    "auc_gain": "AUC over that of TF-IDF",
    "ndcg10_gain_error": "standard error of that over topics",
    "auc_gain_error": "standard error of that over topics",
    "papers": "how many papers",
    "topics": "how many topics, none of them seen in the fit",
    "readers": "how many simulated readers",
}
OF_TLDR: dict[str, str] = {
    "papers": "how many papers",
    "rouge1": "ROUGE-1 with the best target",
    "rouge2": "ROUGE-2 with that target",
    "rougeL": "ROUGE-L with that target",
    "rouge1_error": "one standard error of that ROUGE-1",
    "faithfulness": "sentences whose numbers, units and names all stand in the abstract",
    "extractive": "sentences that are a contiguous piece of the abstract",
    "words": "words of a sentence, mean",
    "whole_sentences": "sentences shown whole",
    "top1": "sentences that a reader of the abstract accepts",
    "top1_error": "one standard error of that",
    "judged": "how many abstracts were read and kept from the fit",
    "accepted": "what the language model wrote and the check let pass",
    "seconds": "seconds for one",
    "seconds_for_100": "seconds for 100 papers of cosmology on one busy core",
}
OF_INTENT: dict[str, str] = {
    "accuracy": "accuracy on written questions, mean over the three labels",
    "refused_on_topic": "questions of the field that are refused",
    "refused_pairs": "questions on abstracts of cosmology that are refused",
    "passed_off_topic": "questions of other subjects that are accepted",
    "passed_near_misses": "near misses among them that are accepted",
    "passed_harmful": "harmful requests and attempts to change the role that are accepted",
    "right_meta": "questions about the assistant that are recognised",
    "questions": "how many written questions",
    "pairs": "how many questions on abstracts",
}
OF: dict[str, dict[str, str]] = {
    "cosmogemma": OF_COSMOGEMMA, "intent": OF_INTENT, "ranking": OF_RANKING, "tldr": OF_TLDR,
}  # fmt: skip
"""Meanings in folders that have their own."""
PREFIXES = {
    "original_": "original CosmoGemma 2B",
    "always_yes_": "always yes",
    "base_": "Gemma 3 270M without the adapter, from memory",
    "copied_": "best sentence of the best abstract, as it stands",
    "closed_": "from memory",
    "likelihood_": "by HIGlow's likelihood",
    "plain_": "before the calibration of the pixels' distribution",
    "pk_": "from the power spectrum",
    "moments_": "from the moments",
    "baseline_": "from moments and power spectrum",
    "threshold_": "density threshold",
    "unet_density_": "one-pass U-Net, density",
    "unet_noise_": "one-pass U-Net, density and white noise",
    "unet_map_": "one-pass U-Net, density and noisy map",
    "context_": "with the neighbouring slices given",
    "corner_": "corner of the parameters outside training",
    "twin_": "the same spectrum with random phases",
    "trees_": "from moments and power spectrum by boosted trees",
    "floor_": "between two halves of the simulations",
    "tfidf_": "by TF-IDF",
    "recency_": "the latest first",
    "random_": "in random order",
    "lead_": "the abstract's first sentence",
    "title_": "the title copied",
    "oracle_": "the one sentence that matches best",
    "abstractive_": "as shown when the language model's words are asked for",
    "astronomy_": "abstracts of cosmology",
    "last_": "the abstract's last sentence",
    "centroid_": "the sentence nearest to the mean of all",
}
SUFFIXES = {
    "_named": "with the topic's name",
    "_name_only": "with the topic's name instead",
    "_disliked": "with three dislikes of a rival topic",
    "_two_topics": "with five likes of another topic, also wanted",
    "_error": "one standard error",
    "_std": "standard deviation over splits or simulations",
    "_splits": "mean over splits of one member",
    "_one_slice": "one slice",
    "_hard": "where the power spectra coincide",
    "_clean": "as simulated",
    "_observed": "AA4 1,000 h",
    "_aa4": "AA4 1,000 h",
    "_aa_star": "AA* 1,000 h",
    "_aa4_wedge": "AA4 1,000 h, wedge removed",
    "_corner": "corner of the parameters outside training",
    "_other_simulator": "boxes of another source model",
    **{f"_truth_quartile_{i}": f"quarter {i} of the true x_HI" for i in range(1, 5)},
    **{f"_quartile_{i}": f"quarter {i} of the estimated x_HI" for i in range(1, 5)},
    **{f"_x_hi_{i}": f"fifth {i} of x_HI" for i in range(1, 6)},
}
BESIDE = ("baseline_", "threshold_", "floor_", "original_", "base_", "tfidf_", "lead_")
"""Prefixes of the number that stands beside a metric, the first that there is."""
HEADLINES: dict[str, tuple[str, ...]] = {
    "hi_cdm": ("pk_log_median", "pk_log_worst", "pk_delta_median", "pk_delta_worst",
               "pk_scatter_median", "pdf_over_floor", "response_worst", "seconds_per_map"),
    "higlow": ("pk_log_median", "pk_log_worst", "inverse_error"),
    "hi_inference": ("rmse_omega_m", "rmse_sigma_8", "ratio_omega_m", "ratio_sigma_8",
                     "coverage_68", "coverage_95", "ood_caught", "ood_false_alarms"),
    "neutral_fraction": ("r2_clean", "r2_aa4", "r2_aa_star", "r2_aa4_wedge", "coverage_68",
                         "coverage_95", "r2_corner", "r2_other_simulator", "ood_caught",
                         "ood_false_alarms"),
    "reionization_sources": ("accuracy", "accuracy_observed", "accuracy_hard"),
    "cosmogemma": ("accuracy", "open_accuracy", "yes_no_balanced", "closed_accuracy", "recall_1",
                   "recall_5", "citation_support", "mcq_easy", "mcq_hard", "rouge_l"),
    "radiation": ("pk_ratio_median", "pk_ratio_worst", "r_k", "bubble_path_error", "x_hi_error",
                  "seconds", "simulator_seconds"),
    "intent": ("accuracy", "refused_on_topic", "passed_off_topic", "passed_harmful"),
    "ranking": ("ndcg10", "auc", "ndcg10_named", "auc_named", "ndcg10_name_only", "auc_name_only"),
    "tldr": ("rouge1", "rouge2", "rougeL", "faithfulness", "title_rouge1", "oracle_rouge1",
             "astronomy_top1", "centroid_astronomy_top1", "abstractive_rouge1",
             "abstractive_faithfulness"),
}


def meaning(folder: str, key: str) -> str:
    """What a key of a model means, in words; empty if it is not known.

    Args:
        folder: of the model, such as "hi_cdm".
        key: of its metrics.json.
    """
    known = OF.get(folder, MEANINGS)
    if key in known:
        return known[key]
    for prefix, words in PREFIXES.items():
        if key.startswith(prefix) and (rest := meaning(folder, key.removeprefix(prefix))):
            return f"{rest}, {words}"
    for suffix, words in SUFFIXES.items():
        if key.endswith(suffix) and (rest := meaning(folder, key.removesuffix(suffix))):
            return f"{rest}, {words}"
    return ""
