"""Valid messages of OCPP and answers, for `frames.py` to mutate; T stands for the present time."""

from collections.abc import Mapping

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None

SAMPLED: list[Json] = [
    {"value": "9.7", "measurand": "Current.Import", "phase": "L1", "unit": "A"},
    {"value": "2231", "measurand": "Power.Active.Import", "unit": "W"},
    {"value": "10012.5", "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
    {"value": "55", "measurand": "SoC", "unit": "Percent"},
]
OF_1_6: Mapping[str, Json] = {
    "BootNotification": {
        "chargePointVendor": "Maker",
        "chargePointModel": "Twin",
        "chargePointSerialNumber": "1",
        "firmwareVersion": "1.2",
    },
    "StatusNotification": {
        "connectorId": 1,
        "status": "Charging",
        "errorCode": "NoError",
        "timestamp": "T",
    },
    "StartTransaction": {"connectorId": 1, "idTag": "CARD", "meterStart": 10, "timestamp": "T"},
    "StopTransaction": {
        "transactionId": 1,
        "idTag": "CARD",
        "meterStop": 20,
        "timestamp": "T",
        "reason": "EVDisconnected",
    },
    "MeterValues": {
        "connectorId": 1,
        "transactionId": 1,
        "meterValue": [{"timestamp": "T", "sampledValue": SAMPLED}],
    },
    "Authorize": {"idTag": "CARD"},
    "Heartbeat": {},
    "DataTransfer": {"vendorId": "Maker", "data": "x"},
    "FirmwareStatusNotification": {"status": "Idle"},
}
SAMPLED_2: list[Json] = [
    {
        "value": 9.7,
        "measurand": "Current.Import",
        "phase": "L2",
        "unitOfMeasure": {"unit": "A", "multiplier": 0},
    },
    {"value": 2.2, "measurand": "Power.Active.Import", "unitOfMeasure": {"unit": "kW"}},
]
OF_2: Mapping[str, Json] = {
    "BootNotification": {
        "reason": "PowerUp",
        "chargingStation": {"vendorName": "Maker", "model": "Twin", "firmwareVersion": "1"},
    },
    "StatusNotification": {
        "timestamp": "T",
        "connectorStatus": "Occupied",
        "evseId": 1,
        "connectorId": 1,
    },
    "TransactionEvent": {
        "eventType": "Updated",
        "timestamp": "T",
        "triggerReason": "MeterValuePeriodic",
        "seqNo": 3,
        "offline": False,
        "transactionInfo": {"transactionId": "t1", "chargingState": "Charging"},
        "evse": {"id": 1, "connectorId": 1},
        "idToken": {"idToken": "CARD", "type": "Central"},
        "meterValue": [{"timestamp": "T", "sampledValue": SAMPLED_2}],
    },
    "MeterValues": {
        "evseId": 2,
        "meterValue": [{"timestamp": "T", "sampledValue": SAMPLED_2}],
    },
    "Authorize": {"idToken": {"idToken": "CARD", "type": "ISO14443"}},
    "Heartbeat": {},
    "NotifyChargingLimit": {
        "evseId": 1,
        "chargingLimit": {"chargingLimitSource": "EMS", "isGridCritical": False},
    },
    "ClearedChargingLimit": {"chargingLimitSource": "EMS", "evseId": 1},
    "ReportChargingProfiles": {
        "requestId": 7102,
        "chargingLimitSource": "CSO",
        "evseId": 1,
        "chargingProfile": [
            {
                "id": 3,
                "stackLevel": 4,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Absolute",
                "chargingSchedule": [
                    {
                        "id": 1,
                        "chargingRateUnit": "A",
                        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 7.0}],
                    }
                ],
            }
        ],
    },
    "NotifyReport": {"requestId": 1, "generatedAt": "T", "seqNo": 0},
}
ANSWERS: tuple[Json, ...] = (
    {"status": "Accepted"},
    {"status": "Rejected"},
    {"status": "NotSupported"},
    {
        "configurationKey": [
            {"key": "NumberOfConnectors", "readonly": True, "value": "2"},
            {"key": "ChargingScheduleMaxPeriods", "readonly": True, "value": "1"},
            {"key": "ChargingScheduleAllowedChargingRateUnit", "readonly": True, "value": "Power"},
        ],
        "unknownKey": [],
    },
    {
        "getVariableResult": [
            {
                "attributeStatus": "Accepted",
                "attributeValue": "2",
                "component": {"name": "SmartChargingCtrlr"},
                "variable": {"name": "PeriodsPerSchedule"},
            }
        ]
    },
    {
        "status": "Accepted",
        "connectorId": 1,
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6.0}],
        },
    },
    {},
)
